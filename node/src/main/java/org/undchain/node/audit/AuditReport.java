package org.undchain.node.audit;

import java.util.List;

/**
 * What an audit looked at, in numbers, and what it found.
 *
 * @param height the lowest of the highest blocks
 * @param blocks of all stores together
 * @param entries in the chain up to the highest block of any store
 * @param promises acknowledged entries that the chain has exactly once
 * @param ownSignatures in the logs of those who signed
 * @param guardRecords in the signing guards
 * @param foreignSignatures that others hold: votes in their certificates, lane headers in their
 *     stamps
 * @param unreadable databases of former lives that were damaged
 */
public record AuditReport(
    int stores,
    long height,
    long blocks,
    long entries,
    long promises,
    long ownSignatures,
    long guardRecords,
    long foreignSignatures,
    int unreadable,
    List<Finding> findings) {
  public AuditReport {
    findings = List.copyOf(findings);
  }

  public boolean isClean() {
    return findings.isEmpty();
  }
}
