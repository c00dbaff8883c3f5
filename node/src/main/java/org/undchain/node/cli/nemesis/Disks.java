package org.undchain.node.cli.nemesis;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.undchain.core.crypto.Ed25519;
import org.undchain.core.crypto.SignatureCheck;
import org.undchain.core.ledger.Chain;
import org.undchain.core.value.Hash;
import org.undchain.node.audit.AuditReport;
import org.undchain.node.audit.Finding;
import org.undchain.node.audit.StoreAudit;
import org.undchain.node.config.ChainFiles;
import org.undchain.node.config.ConfigException;
import org.undchain.node.crypto.FastProvider;
import org.undchain.node.crypto.RememberingSignatureCheck;
import org.undchain.node.devnet.DevnetFolder;
import org.undchain.node.devnet.DevnetNode;
import org.undchain.node.devnet.DevnetPlan;
import org.undchain.node.json.Json;
import org.undchain.node.store.StoreOwner;

/** The audit of a devnet's validators, and what is told of it. */
final class Disks {
  private Disks() {}

  /** Reads the disks of all validators. The network has to be off. */
  static AuditReport audit(DevnetFolder folder, DevnetPlan plan, Map<Hash, Long> promised)
      throws ConfigException, IOException {
    SignatureCheck check = new RememberingSignatureCheck(Ed25519.check(FastProvider.load()));
    Chain chain = ChainFiles.load(folder.genesisFile(), folder.rulesFile(), check);
    List<StoreAudit.Subject> subjects = new ArrayList<>();
    for (DevnetNode node : plan.nodes()) {
      if (!node.isPartner()) {
        subjects.add(
            new StoreAudit.Subject(
                node.name(),
                new StoreOwner(chain.context().chainId(), node.id()),
                folder.nodeFolder(node.name()),
                FormerLives.of(folder, node)));
      }
    }
    return StoreAudit.of(chain, subjects, promised);
  }

  static String words(AuditReport report) {
    return "Audit of "
        + report.stores()
        + " disks: "
        + report.height()
        + " blocks with "
        + report.entries()
        + " entries, "
        + report.promises()
        + " promises kept; "
        + report.ownSignatures()
        + " signatures in the logs of their signers, "
        + report.guardRecords()
        + " in guards, "
        + report.foreignSignatures()
        + " held by others"
        + (report.unreadable() == 0
            ? ""
            : "; " + report.unreadable() + " damaged databases of former lives");
  }

  static Json.Builder json(AuditReport report) {
    return Json.object()
        .put("ok", report.isClean())
        .putInt("stores", report.stores())
        .putInt64("height", report.height())
        .putInt64("blocks", report.blocks())
        .putInt64("entries", report.entries())
        .putInt64("promisesKept", report.promises())
        .putInt64("ownSignatures", report.ownSignatures())
        .putInt64("guardRecords", report.guardRecords())
        .putInt64("foreignSignatures", report.foreignSignatures())
        .putInt("unreadable", report.unreadable())
        .put("findings", findings(report.findings()));
  }

  static List<Json> findings(List<Finding> findings) {
    return findings.stream()
        .<Json>map(finding ->
            Json.object()
                .put("check", finding.check())
                .put("who", finding.who())
                .put("detail", finding.detail())
                .build())
        .toList();
  }
}
