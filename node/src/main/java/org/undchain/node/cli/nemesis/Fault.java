package org.undchain.node.cli.nemesis;

import java.io.IOException;
import org.undchain.node.cli.Failure;
import org.undchain.node.config.ConfigException;

/** A fault on a running network, from its beginning until everybody can recover. */
interface Fault {
  void begin() throws Failure, ConfigException, IOException, InterruptedException;

  /** From its return on everybody has to come back without help. */
  void end() throws Failure, ConfigException, IOException, InterruptedException;
}
