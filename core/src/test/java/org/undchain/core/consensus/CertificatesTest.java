package org.undchain.core.consensus;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.undchain.core.message.Cert;
import org.undchain.core.message.VoteType;
import org.undchain.core.value.Hash;

/** What is a POL or QC and what only looks like one (section 4.5, R4.24a). */
class CertificatesTest {
  private static final Hash A = Bench.value(ToyFiles.file("a"));
  private static final Hash B = Bench.value(ToyFiles.file("b"));
  private final Committee four = new Committee(4);

  private boolean verify(Cert cert) {
    return Certificates.verify(Committee.CHAIN, ToyKeys.CHECK, four.set, cert);
  }

  /** A bare POL whose votes name these POL rounds. */
  private Cert naming(int round, int... polRounds) {
    List<Ballot> ballots = new ArrayList<>();
    for (int member = 0; member < polRounds.length; member++) {
      ballots.add(Committee.ballot(member, four.prevote(member, round, A, polRounds[member])));
    }
    return Certificates.build(0, Committee.HEIGHT, ToyFiles.SLOT, ballots);
  }

  @Test
  @Tag("R4.24a")
  void aQuorumOfVotesOfOneRoundForOneValueIsACertificate() {
    assertThat(verify(four.pol(0, A, 0, 1, 2))).isTrue();
    assertThat(verify(four.pol(3, A, 0, 1, 2, 3))).isTrue();
    assertThat(verify(four.qc(3, A, 1, 2, 3))).isTrue();
    assertThat(
            Certificates.isCommit(
                Committee.CHAIN, ToyKeys.CHECK, four.set, four.qc(3, A, 1, 2, 3), A))
        .isTrue();
    assertThat(
            Certificates.isCommit(
                Committee.CHAIN, ToyKeys.CHECK, four.set, four.qc(3, A, 1, 2, 3), B))
        .isFalse();
    assertThat(
            Certificates.isCommit(
                Committee.CHAIN, ToyKeys.CHECK, four.set, four.pol(3, A, 1, 2, 3), A))
        .isFalse();
  }

  @Test
  @Tag("R4.24a")
  void whatIsMissingWrongOrTooMuchIsRefused() {
    Cert pol = four.pol(2, A, 0, 1, 2);
    Cert qc = four.qc(2, A, 0, 1, 2);
    Map<String, Cert.Builder> wrong = new LinkedHashMap<>();
    wrong.put("q - 1 votes", four.pol(2, A, 0, 1).toBuilder());
    wrong.put("nothing at all", Cert.newBuilder());
    wrong.put("no type", pol.toBuilder().clearType());
    wrong.put("precommits called prevotes", qc.toBuilder().setType(VoteType.VOTE_TYPE_PREVOTE));
    wrong.put("prevotes called precommits", pol.toBuilder().setType(VoteType.VOTE_TYPE_PRECOMMIT));
    wrong.put("nil", pol.toBuilder().clearValue());
    wrong.put("nil as zeros", pol.toBuilder().setValue(Hash.ZERO.toByteString()));
    wrong.put("short value", pol.toBuilder().setValue(ByteString.copyFromUtf8("A")));
    wrong.put("other value", pol.toBuilder().setValue(B.toByteString()));
    wrong.put("other round", pol.toBuilder().setRound(3));
    wrong.put("round below 0", pol.toBuilder().setRound(-1));
    wrong.put("other height", pol.toBuilder().setHeight(8));
    wrong.put("other slot", pol.toBuilder().setSlot(8));
    wrong.put("other epoch", pol.toBuilder().setEpoch(1));
    wrong.put("other members", pol.toBuilder().setBitmap(0b1110));
    wrong.put("a member beyond the set", pol.toBuilder().setBitmap(0b10011));
    wrong.put("all bits", pol.toBuilder().setBitmap(-1));
    wrong.put("one signature too many", pol.toBuilder().addSigs(pol.getSigs(0)));
    wrong.put("one signature twice", pol.toBuilder().setSigs(1, pol.getSigs(0)));
    wrong.put("short signature", pol.toBuilder().setSigs(1, ByteString.copyFromUtf8("?")));
    wrong.put("no POL rounds", pol.toBuilder().clearPolRoundsPlusOne());
    wrong.put("a POL round that was not signed", pol.toBuilder().setPolRoundsPlusOne(0, 1));
    wrong.put("a POL round of the same round", pol.toBuilder().setPolRoundsPlusOne(0, 3));
    wrong.put("a POL round below -1", pol.toBuilder().setPolRoundsPlusOne(0, -1));
    wrong.put("POL rounds in a QC", qc.toBuilder().addPolRoundsPlusOne(0));
    wrong.put("a POL carried by a QC", qc.toBuilder().addEarlier(four.pol(1, A, 0, 1, 2)));
    wrong.put("a POL nobody names", pol.toBuilder().addEarlier(four.pol(1, A, 0, 1, 2)));
    wrong.forEach((why, cert) -> assertThat(verify(cert.build())).as(why).isFalse());
  }

  @Test
  @Tag("R4.24a")
  void aPolCarriesWhatItsVotesNameToTheEnd() {
    Cert first = four.pol(0, A, 0, 1, 2);
    Cert second = naming(2, 0, -1, 0);
    Cert third = naming(5, 2, 2, -1);
    assertThat(verify(third.toBuilder().addEarlier(first).addEarlier(second).build())).isTrue();
    assertThat(verify(third)).as("names a POL it does not carry").isFalse();
    assertThat(verify(third.toBuilder().addEarlier(second).build()))
        .as("what the carried one names is missing")
        .isFalse();
    assertThat(verify(third.toBuilder().addEarlier(second).addEarlier(first).build()))
        .as("not ascending")
        .isFalse();
    Cert nested = second.toBuilder().addEarlier(first).build();
    assertThat(verify(third.toBuilder().addEarlier(first).addEarlier(nested).build()))
        .as("nested")
        .isFalse();
    assertThat(
            verify(
                third.toBuilder().addEarlier(four.pol(0, B, 0, 1, 2)).addEarlier(second).build()))
        .as("carried for another value")
        .isFalse();
    Cert forged = first.toBuilder().setSigs(0, first.getSigs(1)).build();
    assertThat(verify(third.toBuilder().addEarlier(forged).addEarlier(second).build()))
        .as("carried with a wrong signature")
        .isFalse();
  }

  @Test
  @Tag("R4.24a")
  void heldPolsAreSentWithAllTheyNeedAndNothingElse() {
    Pols pols = new Pols();
    Cert first = four.pol(0, A, 0, 1, 2);
    Cert second = naming(2, 0, -1, 0).toBuilder().addEarlier(first).build();
    assertThat(pols.add(second)).isTrue();
    assertThat(pols.add(second)).isFalse();
    assertThat(pols.holds(0, A)).isTrue();
    assertThat(pols.newestBefore(2, A)).isZero();
    assertThat(pols.newestBefore(3, A)).isEqualTo(2);
    assertThat(pols.newestBefore(3, B)).isEqualTo(-1);
    assertThat(pols.complete(2, A)).contains(second);
    assertThat(pols.complete(0, A)).contains(first);
    assertThat(pols.complete(1, A)).isEmpty();
    assertThat(pols.all()).containsExactly(first, second).allMatch(this::verify);
  }

  @Test
  @Tag("R4.24a")
  void theVotesInACertificateAreThoseThatWereSent() {
    Cert qc = four.qc(3, A, 1, 2, 3);
    assertThat(Certificates.ballots(Committee.CHAIN, four.set, qc))
        .containsExactly(
            Committee.ballot(1, four.precommit(1, 3, A)),
            Committee.ballot(2, four.precommit(2, 3, A)),
            Committee.ballot(3, four.precommit(3, 3, A)));
  }
}
