package org.undchain.node.crypto;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.undchain.core.crypto.Ed25519;
import org.undchain.core.crypto.Hashes;
import org.undchain.core.crypto.SignatureCheck;
import org.undchain.core.crypto.Signer;
import org.undchain.core.message.ChainContext;
import org.undchain.core.message.Envelope;
import org.undchain.core.message.Envelopes;
import org.undchain.core.message.Get;
import org.undchain.core.message.GetWhat;
import org.undchain.core.message.Opened;
import org.undchain.core.message.Opening;
import org.undchain.core.value.Hash;
import org.undchain.core.value.NodeId;

/** Who waits for whom where signatures are checked. */
@Tag("slow")
final class SignaturePoolTest {
  /** More than one piece of work, so that the pool's thread has to do it. */
  private static final int ENVELOPES = 40;

  private final ChainContext chain = new ChainContext(Hash.ZERO, Hashes.sha256(new byte[0]));
  private final Signer first = signer("first");
  private final Signer client = signer("client");
  private final Signer validator = signer("validator");
  private final CountDownLatch entered = new CountDownLatch(1);
  private final CountDownLatch goOn = new CountDownLatch(1);
  private final List<NodeId> order = Collections.synchronizedList(new ArrayList<>());
  private final List<Opening<Opened>> failures = Collections.synchronizedList(new ArrayList<>());

  @Test
  @Timeout(60)
  void whatAValidatorSaysIsCheckedBeforeWhatAClientBroughtEarlier() throws Exception {
    try (SignaturePool pool = new SignaturePool(slowAtFirst(), 1)) {
      List<Thread> waiting = new ArrayList<>();
      waiting.add(opening(pool, first, false));
      entered.await();
      waiting.add(opening(pool, client, false));
      awaitParked(waiting.getLast());
      waiting.add(opening(pool, validator, true));
      awaitParked(waiting.getLast());
      goOn.countDown();
      for (Thread thread : waiting) {
        thread.join();
      }
    }
    assertThat(order).hasSize(3 * ENVELOPES);
    assertThat(order.lastIndexOf(validator.id())).isLessThan(order.indexOf(client.id()));
    assertThat(order.indexOf(validator.id()))
        .as("what is under way is not put off")
        .isGreaterThan(order.indexOf(first.id()));
    assertThat(failures).isEmpty();
  }

  @Test
  @Timeout(60)
  void whoFindsThePoolFullChecksByItself() throws Exception {
    int callers = 60; // five pieces each: more than 256
    try (SignaturePool pool = new SignaturePool(slowAtFirst(), 1)) {
      List<Thread> opening = new ArrayList<>();
      for (int i = 0; i < callers; i++) {
        opening.add(opening(pool, client, false));
      }
      while (order.size() < 2) { // the pool's only thread is in the first check
        Thread.onSpinWait();
      }
      goOn.countDown();
      for (Thread thread : opening) {
        thread.join();
      }
    }
    assertThat(order).hasSize(callers * ENVELOPES);
    assertThat(failures).isEmpty();
  }

  /** The real check, which writes down whom it is asked about and stops before the first answer. */
  private SignatureCheck slowAtFirst() {
    SignatureCheck check = Ed25519.check(Optional.empty());
    return (key, message, signature) -> {
      order.add(key);
      entered.countDown();
      try {
        goOn.await();
      } catch (InterruptedException stopping) {
        Thread.currentThread().interrupt();
      }
      return check.verify(key, message, signature);
    };
  }

  private Thread opening(SignaturePool pool, Signer signer, boolean isOfValidator) {
    List<Envelope> envelopes = new ArrayList<>();
    for (int i = 0; i < ENVELOPES; i++) {
      Get get = Get.newBuilder().setWhat(GetWhat.GET_WHAT_FILE).setFrom(i).build();
      envelopes.add(Envelopes.sealMessage(chain, signer, 0, get));
    }
    return Thread.ofPlatform()
        .start(() -> {
          try {
            pool.open(chain, List.of(), envelopes, isOfValidator).stream()
                .filter(opening -> opening.good().isEmpty())
                .forEach(failures::add);
          } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
          }
        });
  }

  /** All its pieces are with the pool then. */
  private static void awaitParked(Thread thread) {
    while (thread.getState() != Thread.State.WAITING) {
      Thread.onSpinWait();
    }
  }

  private static Signer signer(String name) {
    byte[] words = name.getBytes(StandardCharsets.UTF_8);
    return Ed25519.signer(Hashes.sha256(words).bytes(), Optional.empty());
  }
}
