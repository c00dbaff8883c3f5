package org.undchain.sim.chaos;

import java.io.PrintStream;
import org.undchain.core.machine.Notice;
import org.undchain.core.value.BlockTime;
import org.undchain.core.value.NodeId;
import org.undchain.sim.Observer;
import org.undchain.sim.World;

/** Prints what happens in a run, for {@code --trace}. */
final class Telling implements Observer {
  private static final int WIDTH = 160;

  private final Cluster cluster;
  private final PrintStream out;

  Telling(Cluster cluster, PrintStream out) {
    this.cluster = cluster;
    this.out = out;
  }

  @Override
  public void onNotice(NodeId node, BlockTime now, Notice notice) {
    line(node, String.valueOf(notice));
  }

  @Override
  public void onBoot(NodeId node, boolean hasLostDisk) {
    line(node, hasLostDisk ? "starts without its log" : "starts");
  }

  @Override
  public void onCrash(NodeId node) {
    line(node, "dies");
  }

  private void line(NodeId node, String what) {
    long millis = cluster.simulation().now().minus(World.T0);
    String text = what.replaceAll("\\s+", " ");
    out.printf(
        "%9.3f s %-12s %s%n",
        millis / 1000.0,
        cluster.simulation().spec(node).name(),
        text.substring(0, Math.min(WIDTH, text.length())));
  }
}
