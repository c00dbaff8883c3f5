package org.undchain.node.api;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.undchain.core.message.ProofFile;
import org.undchain.core.value.Bytes;
import org.undchain.fuzz.Door;
import org.undchain.fuzz.Town;
import org.undchain.node.json.Json;

/** The whole local API from the head of a request to the answer: no request finds a bug in it. */
public final class RequestDoor implements Door {
  private static final int ANSWERED = 200;
  private static final int BUG = 500;

  private final Town town = Town.ofForgeable();
  private final Routes routes = TownApi.of(town);

  @Override
  public boolean enter(byte[] bytes) throws Exception {
    int length = Math.min(bytes.length, RequestHead.BYTES_MAX);
    int end = RequestHead.end(bytes, length);
    if (end < 0) {
      return false;
    }
    Reply reply;
    try {
      reply = routes.reply(RequestHead.target(bytes, end));
    } catch (Refused refused) {
      reply = routes.refusal(refused);
    }
    Door.require(reply.status() != BUG, "the API has a bug");
    if (reply.status() != ANSWERED) {
      String body = new String(reply.body().unsafeArray(), StandardCharsets.UTF_8);
      Json.Obj refusal = (Json.Obj) Json.parse(body);
      Door.require(refusal.object("error").isPresent(), "a refusal without its error");
    }
    return reply.status() == ANSWERED;
  }

  @Override
  public List<byte[]> honest() {
    List<String> targets =
        new ArrayList<>(
            List.of(
                "/v1/status",
                "/v1/validators",
                "/v1/partners",
                "/v1/scores",
                "/v1/jobs?period=0",
                "/v1/receipts?account=" + town.story().id("ann").hex(),
                "/v1/blocks?last=3",
                "/v1/blocks/2",
                "/v1/payouts/0",
                "/v1/genesis",
                "/metrics",
                "/v1/accounts/" + town.story().id("ann").hex()));
    for (ProofFile proof : town.proofs().subList(0, 1)) {
      targets.add("/v1/proofs/" + Bytes.of(proof.getKey()).hex());
    }
    return targets.stream()
        .map(target -> "GET " + target + " HTTP/1.1\r\nHost: node\r\nAccept: */*\r\n\r\n")
        .map(head -> head.getBytes(StandardCharsets.ISO_8859_1))
        .toList();
  }

  @Override
  public long allocationMax(int length) {
    return 16L << 20;
  }
}
