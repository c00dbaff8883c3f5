package org.undchain.node.transport.grpc;

import io.grpc.KnownLength;
import io.grpc.MethodDescriptor;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import org.undchain.node.transport.grpc.v1.PeerGrpc;

/**
 * {@code Peer.Connect} with its frames as bytes: they are walked and refused by {@link Frames}, not
 * by gRPC, so that the sender learns why, and one encoding serves many peers.
 */
final class ConnectMethod {
  static final MethodDescriptor<byte[], byte[]> CONNECT =
      MethodDescriptor.newBuilder(new AsBytes(), new AsBytes())
          .setType(MethodDescriptor.MethodType.BIDI_STREAMING)
          .setFullMethodName(PeerGrpc.getConnectMethod().getFullMethodName())
          .build();

  private ConnectMethod() {}

  /** The transport bounds the size before this is called. */
  private static final class AsBytes implements MethodDescriptor.Marshaller<byte[]> {
    @Override
    public InputStream stream(byte[] value) {
      return new ByteArrayInputStream(value);
    }

    @Override
    public byte[] parse(InputStream stream) {
      try {
        // reading to the end of what has a length costs 16 KiB a frame, and most have 1
        return stream instanceof KnownLength
            ? stream.readNBytes(stream.available())
            : stream.readAllBytes();
      } catch (IOException inMemory) {
        throw new UncheckedIOException(inMemory);
      }
    }
  }
}
