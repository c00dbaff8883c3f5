#!/usr/bin/env python3
"""A transfer on UndChain without any of its Java code.

Made from the .proto files and docs/signing.md alone: it says Hello to a validator, submits a signed TRANSFER,
checks every stamp of the Ack against the set certificate, and waits until two validators say that it is committed.

usage: undchain_client.py DEVNET_JSON FROM TO GRAINS

FROM and TO are names of the devnet's accounts, as in DEVNET_JSON.
"""

import hashlib
import itertools
import json
import os
import queue
import ssl
import struct
import sys
import time
from pathlib import Path

import grpc
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

sys.path.insert(0, str(Path(__file__).parent / "generated"))
from undchain.v1 import chain_pb2, entry_pb2, envelope_pb2, message_pb2, service_pb2_grpc, state_pb2  # noqa: E402

ENTRY, LANE_HEADER, MESSAGE = 1, 3, 7
ACCOUNTS = 1  # table of the state
LETTERS = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
WINDOW_SLOTS = 16
VERSION = 1000
WAIT_SECONDS = 60


def sha256(*parts):
    return hashlib.sha256(b"".join(parts)).digest()


def account_id(address):
    """The key in an address (docs/signing.md); its checksum was made by the devnet, not by a person."""
    bits = 0
    for letter in address[len("und1"):-6]:
        bits = bits << 5 | LETTERS.index(letter)
    return (bits >> 4).to_bytes(32, "big")


class Chain:
    """What signatures are bound to, and the calendar of the devnet document."""

    def __init__(self, devnet):
        self.network_id = bytes.fromhex(devnet["networkId"])
        self.chain_id = bytes.fromhex(devnet["chainId"])
        self.slot_millis = int(devnet["slotMillis"])
        self.period_slots = int(devnet["periodSlots"])

    def signed_bytes(self, kind, type_, period, signer, body):
        return b"".join([
            b"UND1", struct.pack(">BH", kind, type_), self.network_id, self.chain_id,
            struct.pack(">Q", period), signer, struct.pack(">I", len(body)), body])

    def seal(self, key, kind, type_, period, message):
        body = message.SerializeToString(deterministic=True)
        signer = key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
        sig = key.sign(self.signed_bytes(kind, type_, period, signer, body))
        return envelope_pb2.Envelope(
            body=body, sig=sig, signer=signer, kind=kind, type=type_, pay_period=period,
            chain_tag=self.chain_id[:8])

    def is_signed(self, envelope, key):
        signed = self.signed_bytes(
            envelope.kind, envelope.type, envelope.pay_period, envelope.signer, envelope.body)
        try:
            Ed25519PublicKey.from_public_bytes(key).verify(envelope.sig, signed)
        except InvalidSignature:
            return False
        return envelope.signer == key

    def entry_id(self, envelope):
        return sha256(self.signed_bytes(
            envelope.kind, envelope.type, envelope.pay_period, envelope.signer, envelope.body))


def list_root(leaf, index, count, path):
    """Root of the list tree that a path leads to (docs/signing.md, trees)."""
    at, used, width = sha256(b"\0", leaf), 0, count
    while width > 1:
        if index % 2 == 1 or index + 1 < width:
            other = path[used]
            used += 1
            at = sha256(b"\1", other, at) if index % 2 == 1 else sha256(b"\1", at, other)
        index, width = index // 2, (width + 1) // 2
    return sha256(b"\2", struct.pack(">I", count), at)


def check_stamp(chain, stamp, entry_id, slot, members):
    """The validator that promised this entry for this slot, or an error."""
    header = chain_pb2.LaneHeader.FromString(stamp.header.body)
    member = members.get(header.lane)
    if member is None:
        raise SystemExit("stamp of somebody who is no validator of this period")
    if stamp.header.kind != LANE_HEADER or not chain.is_signed(stamp.header, member.consensus_key):
        raise SystemExit("stamp with a bad signature")
    leaf = entry_id + (b"\1" if stamp.first_hand else b"\0")
    if header.slot != slot or list_root(leaf, stamp.index, header.id_count, list(stamp.path)) != header.ids_root:
        raise SystemExit("stamp for something else")
    return member


class Connection:
    """One stream to one validator, opened by the three Hellos of docs/signing.md."""

    def __init__(self, chain, node, key):
        self.chain, self.key, self.outbox = chain, key, queue.Queue()
        self.channel = grpc.secure_channel(
            node["grpc"], grpc.ssl_channel_credentials(root_certificates=node["cert"].encode()),
            options=[("grpc.ssl_target_name_override", "undchain")])
        self.binding = sha256(ssl.PEM_cert_to_DER_cert(node["cert"]))
        self.inbox = service_pb2_grpc.PeerStub(self.channel).Connect(iter(self.outbox.get, None), timeout=WAIT_SECONDS)
        self.nonce = os.urandom(32)
        self.result, self.members = None, {}
        self.hello(b"", 0, int(time.time() * 1000), b"")
        server = self.receive("hello")
        if server.peer_nonce != self.nonce or server.channel_binding != self.binding:
            raise SystemExit("the validator's Hello does not fit this connection")
        self.period = server.period
        self.block_time_millis = server.block_time_millis
        self.tip_slot = server.tip_slot
        self.set_cert = server.set_cert
        self.hello(server.nonce, server.period, server.block_time_millis, server.rules_hash)

    def hello(self, peer_nonce, period, block_time_millis, rules_hash):
        self.send(message_pb2.Hello(
            network_id=self.chain.network_id, chain_id=self.chain.chain_id, role=message_pb2.ROLE_CLIENT,
            version_min=VERSION, version_max=VERSION, rules_hash=rules_hash, period=period, nonce=self.nonce,
            peer_nonce=peer_nonce, channel_binding=self.binding, block_time_millis=block_time_millis,
            devnet=True), period)

    def send(self, message, period):
        field = next(f for f in message_pb2.WireMessage.DESCRIPTOR.fields if f.message_type is message.DESCRIPTOR)
        envelope = self.chain.seal(self.key, MESSAGE, field.number, period, message)
        self.outbox.put(envelope_pb2.Frame(envelopes=[envelope]))

    def receive(self, *wanted):
        for frame in self.inbox:
            for envelope in frame.envelopes:
                field = message_pb2.WireMessage.DESCRIPTOR.fields_by_number.get(envelope.type)
                if field is None or envelope.kind != MESSAGE:
                    continue
                if envelope.sig and not self.chain.is_signed(envelope, envelope.signer):
                    raise SystemExit("message with a bad signature")
                message = field.message_type._concrete_class.FromString(envelope.body)
                if field.name == "reject":
                    raise SystemExit(f"refused: {message_pb2.RejectCode.Name(message.code)} {message.detail}")
                if field.name in wanted:
                    return message
        raise SystemExit("the validator closed the stream")

    def close(self):
        self.outbox.put(None)
        self.channel.close()


def free_nonce(connection, account):
    """The lowest nonce that the account's leaf in the state leaves free."""
    key = bytes([ACCOUNTS]) + account
    connection.send(message_pb2.Get(what=message_pb2.GET_WHAT_LEAF, key=key), connection.period)
    chunk = connection.receive("get_reply").chunk
    if not chunk:
        raise SystemExit("the account is not there: somebody has to pay into it first")
    leaf = state_pb2.AccountLeaf.FromString(chunk)
    above = 0
    while leaf.nonce_bits >> above & 1:
        above += 1
    return leaf.nonce_floor + 1 + above


def promised(chain, connections, entry_id):
    """Waits for the stamps of as many validators as docs/signing.md asks for, all for one slot.

    Where the block is decided before that many have answered, its result stands for the promise.
    """
    promisers = {}
    for connection in itertools.cycle(connections):
        message = connection.receive("ack", "status")
        if message.entry_id != entry_id:
            continue
        if message.DESCRIPTOR.name == "Status":
            connection.result = message
            print(f"block {message.height} was decided before there were enough stamps", flush=True)
            return
        if message.HasField("period_validators"):  # with the first Ack of a connection
            connection.members = {m.id: m for m in message.period_validators.members}
        members = connection.members
        stampers = promisers.setdefault(message.slot, set())
        for stamp in message.stamps:
            stampers.add(check_stamp(chain, stamp, entry_id, message.slot, members).id)
        if len(stampers) >= min(len(members), max(3, (len(members) - 1) // 3 + 1)):
            print(f"promised for slot {message.slot}, block {message.height}, by {len(stampers)} validators", flush=True)
            return


def result(connection, entry_id):
    """What one validator says the entry came to."""
    while connection.result is None:
        status = connection.receive("status")
        if status.entry_id == entry_id:
            connection.result = status
    return connection.result.height, connection.result.result


def main(document, sender, receiver, grains):
    devnet = json.loads(Path(document).read_text())
    chain = Chain(devnet)
    accounts = {account["name"]: account for account in devnet["accounts"]}
    seed = Path(accounts[sender]["keyFile"]).read_text().strip()
    key = Ed25519PrivateKey.from_private_bytes(bytes.fromhex(seed))
    validators = [node for node in devnet["nodes"] if node["role"] == "validator"]
    connections = [Connection(chain, node, key) for node in validators[:3]]
    first = connections[0]

    own = key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    slot = first.tip_slot
    transfer = entry_pb2.Transfer(
        nonce=free_nonce(first, own), valid_from=slot, valid_to=slot + WINDOW_SLOTS,
        to=account_id(accounts[receiver]["id"]), amount=int(grains))
    entry = chain.seal(key, ENTRY, 5, first.period, transfer)
    entry_id = chain.entry_id(entry)
    for connection in connections:
        connection.send(message_pb2.Submit(entry=entry), connection.period)
    promised(chain, connections, entry_id)

    told = {result(connection, entry_id) for connection in connections}
    for connection in connections:
        connection.close()
    if len(told) != 1:
        raise SystemExit("the validators tell different results")
    height, code = told.pop()
    print(f"committed in block {height}: {message_pb2.EntryResult.Name(code)}")
    return 0 if code == message_pb2.ENTRY_RESULT_OK else 1


if __name__ == "__main__":
    if len(sys.argv) != 5:
        sys.exit(__doc__)
    sys.exit(main(*sys.argv[1:]))
