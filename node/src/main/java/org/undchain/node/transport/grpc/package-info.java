/** Peers over gRPC and TLS 1.3: bytes in, bytes out (docs/signing.md). */
@NullMarked
package org.undchain.node.transport.grpc;

import org.jspecify.annotations.NullMarked;
