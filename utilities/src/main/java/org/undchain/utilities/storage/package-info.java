/**
 * The storage utility: an object is sealed, cut into shards, and restored from any K of them.
 *
 * <p>Reading order: {@code ObjectLayout} (sizes), {@code SegmentCipher} (encryption), {@code
 * ErasureCode} (shards), {@code ShardTree} (names), {@code Manifest} and {@code ObjectId} (how to
 * find it again), {@code ObjectWriter} and {@code ObjectReader} (the client), {@code ShardStore}
 * (the partner's disk).
 */
@NullMarked
package org.undchain.utilities.storage;

import org.jspecify.annotations.NullMarked;
