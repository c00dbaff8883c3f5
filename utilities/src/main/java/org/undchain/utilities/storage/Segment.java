package org.undchain.utilities.storage;

/** A sealed segment on its way to all shards; its bytes are shared and not changed any more. */
@SuppressWarnings("ArrayRecordComponent") // Bulk bytes, handed over and never compared.
record Segment(int index, byte[] sealed, int pieceBytes) {}
