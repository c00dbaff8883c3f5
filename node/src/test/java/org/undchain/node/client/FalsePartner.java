package org.undchain.node.client;

import io.grpc.stub.StreamObserver;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.undchain.core.crypto.Signer;
import org.undchain.core.handshake.Greeting;
import org.undchain.core.ledger.Chain;
import org.undchain.core.ledger.GenesisBlock;
import org.undchain.core.membership.ValidatorSet;
import org.undchain.core.message.Role;
import org.undchain.core.value.Hash;
import org.undchain.node.config.KeyFile;
import org.undchain.node.partner.PartnerNode;
import org.undchain.node.runtime.Host;
import org.undchain.node.runtime.NodeMeter;
import org.undchain.node.storage.PieceChunk;
import org.undchain.node.storage.StorageStatus;
import org.undchain.node.transport.TransportIdentity;
import org.undchain.node.transport.grpc.v1.ShardChunk;
import org.undchain.node.transport.grpc.v1.ShardQuery;
import org.undchain.node.transport.grpc.v1.ShardsGrpc;
import org.undchain.utilities.storage.ProvenPiece;
import org.undchain.utilities.storage.ShardReader;
import org.undchain.utilities.storage.ShardStore;
import org.undchain.utilities.storage.ShardTree;
import org.undchain.utilities.storage.StorageException;

/** Answers readers in the place of a partner that was stopped, with its keys and its shards. */
final class FalsePartner implements AutoCloseable {
  private final ShardStore store;
  private final Host host;

  /** What readers get of it. */
  enum Manner {
    /** Pieces in which one bit is another. */
    LIES,
    /** No word at all. */
    SAYS_NOTHING
  }

  FalsePartner(StorageNet net, int number, Manner manner) throws Exception {
    Path data = net.dataOf(number);
    Chain chain = net.net.chain();
    Signer identity = net.net.machinery().signer(KeyFile.load(PartnerNode.identityOf(data)));
    ValidatorSet first = ValidatorSet.of(GenesisBlock.firstSet(chain)).orElseThrow();
    this.store = ShardStore.open(data.resolve("storage"), 1L << 30);
    this.host =
        new Host(
            net.net.machinery(),
            new Host.Setting(
                "false-" + number,
                chain,
                identity,
                TransportIdentity.in(data),
                net.net.clock(),
                () -> greeting(chain, identity),
                () -> List.of(first),
                Optional.of(net.addressOf(number)),
                List.of(
                    switch (manner) {
                      case LIES -> new Liar();
                      case SAYS_NOTHING -> new Mute();
                    }),
                (records, now) -> {},
                notice -> {},
                failure -> {},
                failure -> {},
                NodeMeter.NONE),
            (now, event) -> List.of());
    host.start();
  }

  private static Greeting greeting(Chain chain, Signer identity) {
    return new Greeting(
        chain.context(),
        identity,
        Role.ROLE_PARTNER,
        chain.rules().devnet(),
        Optional.of(new Greeting.Standing(chain.rules().rulesHash(), 0, true)),
        Optional.empty(),
        Optional.empty());
  }

  @Override
  public void close() throws Exception {
    host.close();
    store.close();
  }

  private static final class Mute extends ShardsGrpc.ShardsImplBase {
    @Override
    public void fetch(ShardQuery query, StreamObserver<ShardChunk> reader) {}
  }

  private final class Liar extends ShardsGrpc.ShardsImplBase {
    @Override
    public void fetch(ShardQuery query, StreamObserver<ShardChunk> reader) {
      int index = (int) (query.getOffset() / ShardTree.PIECE_BYTES);
      try (ShardReader shard = store.read(Hash.of(query.getRoot()))) {
        ProvenPiece piece = shard.piece(index);
        piece.bytes()[piece.bytes().length / 2] ^= 1;
        reader.onNext(PieceChunk.of(piece, index));
        reader.onCompleted();
      } catch (StorageException failure) {
        reader.onError(StorageStatus.refusal(failure));
      }
    }
  }
}
