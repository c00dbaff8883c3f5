package org.undchain.node.devnet;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.undchain.core.value.BlockTime;
import org.undchain.fuzz.Door;
import org.undchain.fuzz.Scratch;
import org.undchain.node.config.ConfigException;

/** The plan of a devnet: what is read is written and read again as the same plan. */
public final class PlanDoor implements Door {
  private final Scratch scratch = new Scratch();

  @Override
  public boolean enter(byte[] bytes) throws Exception {
    Path file = scratch.with("plan.json", bytes);
    try {
      DevnetPlan plan = PlanFile.read(file);
      String text = PlanFile.text(plan);
      Path again = scratch.with("plan.json", text.getBytes(StandardCharsets.UTF_8));
      Door.require(PlanFile.text(PlanFile.read(again)).equals(text), "a plan changes");
      return true;
    } catch (ConfigException refused) {
      Door.require(!refused.why().isEmpty(), "a refusal says no why");
      return false;
    }
  }

  @Override
  public List<byte[]> honest() throws ConfigException {
    DevnetShape shape = new DevnetShape(1, 0, 0, 1, 2000, 60, 42).checked();
    List<Integer> ports =
        IntStream.range(0, DevnetPlan.nodeCount(shape)).mapToObj(i -> 41_000 + i).toList();
    DevnetPlan plan = DevnetPlan.of(shape, ports, new BlockTime(1_767_225_600_000L));
    return List.of(PlanFile.text(plan).getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public long allocationMax(int length) {
    return 256L << 20;
  }
}
