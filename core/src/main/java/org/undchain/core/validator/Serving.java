package org.undchain.core.validator;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.undchain.core.codec.Canonical;
import org.undchain.core.job.OpenFiles;
import org.undchain.core.machine.Effect;
import org.undchain.core.message.Get;
import org.undchain.core.message.GetReply;
import org.undchain.core.message.GetWhat;
import org.undchain.core.message.RejectCode;
import org.undchain.core.sync.Answers;
import org.undchain.core.sync.Archive;
import org.undchain.core.value.BlockTime;
import org.undchain.core.value.Bytes;
import org.undchain.core.value.Hash;
import org.undchain.core.value.NodeId;

/** Answers what others ask of the chain, and helps those who are behind (R4.28). */
final class Serving {
  private static final long HELP_MILLIS = 500;

  private final Archive archive;
  private final ChainHead head;
  private final OpenFiles files;
  private final ConnectedPeers peers;
  private final Mail mail;
  private final Map<NodeId, BlockTime> lastHelped = new TreeMap<>();
  private Optional<Told> told = Optional.empty();

  /** Who was sent the certificate of a height; of lower ones it says nothing. */
  private record Told(BlockTime at, long height, List<NodeId> members) {
    boolean answers(BlockTime now, NodeId peer, long theirHeight) {
      return theirHeight == height && now.minus(at) < HELP_MILLIS && members.contains(peer);
    }
  }

  Serving(Archive archive, ChainHead head, OpenFiles files, ConnectedPeers peers, Mail mail) {
    this.archive = archive;
    this.head = head;
    this.files = files;
    this.peers = peers;
    this.mail = mail;
  }

  void onPeerDown(NodeId peer) {
    lastHelped.remove(peer);
  }

  /** These were sent the certificate of the newest block just now. */
  void told(BlockTime now, List<NodeId> members) {
    told = Optional.of(new Told(now, head.height(), members));
  }

  /**
   * R4.28: whoever still talks about a decided height gets it, at most once per 500 ms. Who was
   * told the certificate has had its answer: the votes behind a quorum come from those who hold the
   * file already.
   */
  void help(BlockTime now, NodeId peer, long theirHeight, List<Effect> out) {
    BlockTime last = lastHelped.get(peer);
    if (theirHeight > head.height()
        || (last != null && now.minus(last) < HELP_MILLIS)
        || told.filter(newest -> newest.answers(now, peer, theirHeight)).isPresent()
        || !peers.contains(peer)) {
      return;
    }
    lastHelped.put(peer, now);
    Get get = Get.newBuilder().setWhat(GetWhat.GET_WHAT_FILE).setFrom(theirHeight).build();
    out.add(new Effect.Send(peer, mail.plain(Answers.blocks(archive, get))));
  }

  void onGet(NodeId peer, Get get, List<Effect> out) {
    Optional<GetReply> reply =
        switch (get.getWhat()) {
          case GET_WHAT_FILE -> Optional.of(Answers.blocks(archive, get));
          case GET_WHAT_HEADER -> Optional.of(Answers.headers(archive, get));
          case GET_WHAT_PAYOUT -> Answers.payout(archive, get);
          case GET_WHAT_SETCERT -> Optional.of(Answers.sets(head.setCertsFrom(get.getFrom()), get));
          case GET_WHAT_PROOF -> proof(get);
          case GET_WHAT_LEAF -> leaf(get);
          case GET_WHAT_CONTENT -> content(get);
          case GET_WHAT_STATE, GET_WHAT_UNSPECIFIED, UNRECOGNIZED -> Optional.empty();
        };
    if (reply.isPresent()) {
      out.add(new Effect.Send(peer, mail.plain(reply.get())));
    } else {
      Bytes key = Bytes.of(get.getKey());
      Hash ref = key.size() == Hash.SIZE ? new Hash(key) : Hash.ZERO;
      mail.reject(peer, ref, RejectCode.REJECT_CODE_NOT_FOUND, "nothing of that kind here", out);
    }
  }

  private Optional<GetReply> proof(Get get) {
    if (get.getKey().size() != Hash.SIZE) {
      return Optional.empty();
    }
    Hash key = Hash.of(get.getKey());
    return archive.proof(key).map(proof -> Answers.chunk(get, Canonical.encode(proof)));
  }

  /**
   * A state leaf: the key is the table number and the canonical key. That there is none is an
   * answer, too, and names its question: nobody must take it for one to the next.
   */
  private Optional<GetReply> leaf(Get get) {
    Bytes key = Bytes.of(get.getKey());
    if (key.size() < 2 || key.size() > 64) {
      return Optional.empty();
    }
    Optional<Bytes> leaf = head.state().leaf(key.at(0), key.slice(1, key.size()));
    return Optional.of(Answers.chunk(get, leaf.orElse(Bytes.EMPTY)));
  }

  private Optional<GetReply> content(Get get) {
    if (get.getKey().size() != Hash.SIZE) {
      return Optional.empty();
    }
    return files
        .content(Hash.of(get.getKey()))
        .map(entry ->
            GetReply.newBuilder()
                .setWhat(get.getWhat())
                .setTag(get.getTag())
                .setContent(entry.envelope())
                .build());
  }
}
