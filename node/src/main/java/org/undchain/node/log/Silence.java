package org.undchain.node.log;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.ConfiguratorRank;
import ch.qos.logback.core.spi.ContextAwareBase;

/**
 * How logging starts: with nothing. A command speaks through its console; a node opens its log by
 * {@link LogFile}. Without this the library would print to the terminal, after a search for files
 * that takes longer than most commands. A file on the class path, as the tests have one, goes
 * first.
 */
@ConfiguratorRank(ConfiguratorRank.CUSTOM_LOW_PRIORITY)
public final class Silence extends ContextAwareBase implements Configurator {
  private static final String TEST_FILE = "/logback-test.xml";

  @Override
  public ExecutionStatus configure(LoggerContext context) {
    if (Silence.class.getResource(TEST_FILE) != null) {
      return ExecutionStatus.INVOKE_NEXT_IF_ANY;
    }
    context.getLogger(Logger.ROOT_LOGGER_NAME).setLevel(Level.OFF);
    return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
  }
}
