package org.undchain.sim;

import java.util.Set;
import org.undchain.core.machine.Notice;
import org.undchain.core.message.Envelope;
import org.undchain.core.message.LogRecord;
import org.undchain.core.value.BlockTime;
import org.undchain.core.value.NodeId;

/** Shows a checker only what honest nodes say and keep: nothing is promised of traitors. */
public record Honest(Observer checker, Set<NodeId> traitors) implements Observer {

  @Override
  public void onSent(NodeId from, NodeId to, Envelope message) {
    if (!traitors.contains(from)) {
      checker.onSent(from, to, message);
    }
  }

  @Override
  public void onSaid(NodeId from, Envelope message) {
    if (!traitors.contains(from)) {
      checker.onSaid(from, message);
    }
  }

  @Override
  public void onDurable(NodeId node, LogRecord record) {
    if (!traitors.contains(node)) {
      checker.onDurable(node, record);
    }
  }

  @Override
  public void onNotice(NodeId node, BlockTime now, Notice notice) {
    if (!traitors.contains(node)) {
      checker.onNotice(node, now, notice);
    }
  }
}
