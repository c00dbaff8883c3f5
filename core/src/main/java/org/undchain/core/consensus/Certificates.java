package org.undchain.core.consensus;

import com.google.protobuf.ByteString;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.undchain.core.codec.Canonical;
import org.undchain.core.crypto.Hashes;
import org.undchain.core.crypto.SignatureCheck;
import org.undchain.core.membership.ValidatorSet;
import org.undchain.core.message.Cert;
import org.undchain.core.message.ChainContext;
import org.undchain.core.message.Envelope;
import org.undchain.core.message.EnvelopeKind;
import org.undchain.core.message.Envelopes;
import org.undchain.core.message.Header;
import org.undchain.core.message.Vote;
import org.undchain.core.message.VoteType;
import org.undchain.core.message.WireMessage;
import org.undchain.core.value.Bytes;
import org.undchain.core.value.Hash;
import org.undchain.core.value.NodeId;

/**
 * Certificates of the vote: ≥ q prevotes of one round for one value are a POL, ≥ q precommits a
 * commit certificate, the QC (section 4.5).
 *
 * <p>A POL carries, ascending by round and flat, every POL that its votes or those of a carried one
 * name (R4.24a), and no other; a QC carries none and no POL rounds. So anybody who knows the set
 * can check either without asking back.
 */
public final class Certificates {
  /** Most POLs a certificate may carry: one per round in which V got a POL but no decision. */
  public static final int EARLIER_MAX = 128;

  private static final int SIGNATURE_SIZE = 64;

  private Certificates() {}

  /** Whether a certificate is one of this set: form, carried POLs and every signature. */
  public static boolean verify(
      ChainContext chain, SignatureCheck check, ValidatorSet set, Cert cert) {
    return isWellFormed(set, cert)
        && cert.getEarlierList().stream().allMatch(pol -> isSigned(chain, check, set, pol))
        && isSigned(chain, check, set, cert);
  }

  /**
   * Whether the certificate is a commit certificate for this header hash, to the last signature.
   */
  public static boolean isCommit(
      ChainContext chain, SignatureCheck check, ValidatorSet set, Cert cert, Hash value) {
    return cert.getType() == VoteType.VOTE_TYPE_PRECOMMIT
        && cert.getValue().equals(value.toByteString())
        && verify(chain, check, set, cert);
  }

  /** Everything about a certificate but its signatures. */
  public static boolean isWellFormed(ValidatorSet set, Cert cert) {
    if (!isWellFormedAlone(set, cert) || cert.getEarlierCount() > EARLIER_MAX) {
      return false;
    }
    if (cert.getType() == VoteType.VOTE_TYPE_PRECOMMIT) {
      return cert.getEarlierCount() == 0;
    }
    TreeSet<Integer> named = namedRounds(cert);
    TreeSet<Integer> carried = new TreeSet<>();
    int before = Ballot.NO_ROUND;
    for (Cert pol : cert.getEarlierList()) {
      if (pol.getRound() <= before
          || pol.getRound() >= cert.getRound()
          || pol.getEarlierCount() != 0
          || !isSameSubject(cert, pol)
          || !isWellFormedAlone(set, pol)) {
        return false;
      }
      before = pol.getRound();
      carried.add(pol.getRound());
      named.addAll(namedRounds(pol));
    }
    return named.equals(carried);
  }

  /** A certificate without carried ones from counted ballots for one value, in set order. */
  static Cert build(long epoch, long height, long slot, List<Ballot> ballots) {
    Ballot sample = ballots.getFirst();
    Cert.Builder cert =
        Cert.newBuilder()
            .setEpoch(epoch)
            .setHeight(height)
            .setSlot(slot)
            .setRound(sample.round())
            .setType(sample.type())
            .setValue(sample.value().toByteString());
    int bitmap = 0;
    for (Ballot ballot : ballots) {
      assert ballot.isFor(sample.value()) && ballot.round() == sample.round() : ballot;
      assert bitmap < 1 << ballot.member() : "not in set order: " + ballots;
      bitmap |= 1 << ballot.member();
      cert.addSigs(ballot.envelope().getSig());
      if (ballot.type() == VoteType.VOTE_TYPE_PREVOTE) {
        cert.addPolRoundsPlusOne(ballot.polRound() + 1);
      }
    }
    return cert.setBitmap(bitmap).build();
  }

  /** The votes a well-formed certificate is made of (without those of carried ones). */
  static List<Ballot> ballots(ChainContext chain, ValidatorSet set, Cert cert) {
    List<Ballot> ballots = new ArrayList<>();
    for (int member : members(cert)) {
      int place = ballots.size();
      Envelope envelope = vote(chain, set, cert, member, place);
      ballots.add(
          new Ballot(
              member,
              cert.getRound(),
              cert.getType(),
              Hash.of(cert.getValue()),
              polRound(cert, place),
              Envelopes.id(chain, envelope),
              envelope));
    }
    return ballots;
  }

  /** The POL rounds that the votes of a certificate name. */
  static TreeSet<Integer> namedRounds(Cert cert) {
    TreeSet<Integer> named = new TreeSet<>();
    for (int plusOne : cert.getPolRoundsPlusOneList()) {
      if (plusOne > 0) {
        named.add(plusOne - 1);
      }
    }
    return named;
  }

  /**
   * The votes that a well-formed certificate of the set holds, each with its voter; carried
   * certificates are not gone into.
   */
  public static Map<NodeId, Vote> votes(ValidatorSet set, Cert cert) {
    Map<NodeId, Vote> votes = new TreeMap<>();
    List<Integer> members = members(cert);
    for (int place = 0; place < members.size(); place++) {
      votes.put(set.member(members.get(place)).id(), voteBody(cert, place));
    }
    return votes;
  }

  private static boolean isWellFormedAlone(ValidatorSet set, Cert cert) {
    boolean isPol = cert.getType() == VoteType.VOTE_TYPE_PREVOTE;
    int signers = Integer.bitCount(cert.getBitmap());
    return (isPol || cert.getType() == VoteType.VOTE_TYPE_PRECOMMIT)
        && cert.getRound() >= 0
        && Ballot.value(cert.getValue()).filter(value -> !value.equals(Ballot.NIL)).isPresent()
        && cert.getBitmap() >>> set.n() == 0
        && signers >= set.quorum()
        && cert.getSigsCount() == signers
        && cert.getSigsList().stream().allMatch(sig -> sig.size() == SIGNATURE_SIZE)
        && cert.getPolRoundsPlusOneCount() == (isPol ? signers : 0)
        && cert.getPolRoundsPlusOneList().stream()
            .allMatch(plusOne -> plusOne >= 0 && plusOne <= cert.getRound());
  }

  private static boolean isSameSubject(Cert cert, Cert pol) {
    return pol.getType() == VoteType.VOTE_TYPE_PREVOTE
        && pol.getEpoch() == cert.getEpoch()
        && pol.getHeight() == cert.getHeight()
        && pol.getSlot() == cert.getSlot()
        && pol.getValue().equals(cert.getValue());
  }

  private static boolean isSigned(
      ChainContext chain, SignatureCheck check, ValidatorSet set, Cert cert) {
    List<Integer> members = members(cert);
    for (int place = 0; place < members.size(); place++) {
      Envelope vote = vote(chain, set, cert, members.get(place), place);
      NodeId key = set.member(members.get(place)).consensusKey();
      if (!check.verify(key, Envelopes.signedBytes(chain, vote), Bytes.of(vote.getSig()))) {
        return false;
      }
    }
    return true;
  }

  private static List<Integer> members(Cert cert) {
    List<Integer> members = new ArrayList<>();
    for (int bits = cert.getBitmap(); bits != 0; bits &= bits - 1) {
      members.add(Integer.numberOfTrailingZeros(bits));
    }
    return members;
  }

  private static int polRound(Cert cert, int place) {
    return cert.getType() == VoteType.VOTE_TYPE_PREVOTE
        ? cert.getPolRoundsPlusOne(place) - 1
        : Ballot.NO_ROUND;
  }

  /** The vote of one signer as it was sent; its other fields stand in the certificate. */
  private static Envelope vote(
      ChainContext chain, ValidatorSet set, Cert cert, int member, int place) {
    ByteString body = Canonical.encode(voteBody(cert, place)).toByteString();
    return Envelope.newBuilder()
        .setBody(body)
        .setSig(cert.getSigs(place))
        .setSigner(set.member(member).consensusKey().toByteString())
        .setKind(EnvelopeKind.ENVELOPE_KIND_VOTE_VALUE)
        .setType(WireMessage.VOTE_FIELD_NUMBER)
        .setPayPeriod(set.cert().getPeriod())
        .setChainTag(chain.tag())
        .build();
  }

  private static Vote voteBody(Cert cert, int place) {
    return Vote.newBuilder()
        .setEpoch(cert.getEpoch())
        .setHeight(cert.getHeight())
        .setSlot(cert.getSlot())
        .setRound(cert.getRound())
        .setType(cert.getType())
        .setPolRoundPlusOne(polRound(cert, place) + 1)
        .setValue(cert.getValue())
        .build();
  }

  /** Value of a vote: hash of the canonical header (R4.15). */
  public static Hash valueOf(Header header) {
    return Hashes.sha256(Canonical.encode(header));
  }
}
