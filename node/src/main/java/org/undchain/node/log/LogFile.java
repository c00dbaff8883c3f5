package org.undchain.node.log;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.Appender;
import java.nio.file.Path;
import java.util.Optional;
import org.slf4j.LoggerFactory;
import org.undchain.node.config.NodeFile.LogLevel;

/**
 * A file that lines of this process are written to, until it is closed: those of one node, or all
 * that no node's file takes.
 *
 * <p>A node that is alone in its process has one file for both: its lines then go the way of the
 * others, since two writers of one file would lose each other's lines.
 */
public final class LogFile implements AutoCloseable {
  /** Everything that is ours, node by node apart. */
  private static final String PROGRAM = "org.undchain";

  private static final String NODES = "undchain.node.";

  private final Logger source;
  private final Optional<Appender<ILoggingEvent>> file;

  private LogFile(Logger source, Optional<Appender<ILoggingEvent>> file) {
    this.source = source;
    this.file = file;
  }

  /**
   * Takes what the process says, of libraries the warnings. Everything said before is lost.
   *
   * @param level of the program's own lines
   */
  public static LogFile ofProcess(Path file, LogLevel level) {
    LoggerContext context = context();
    Logger root = context.getLogger(Logger.ROOT_LOGGER_NAME);
    Appender<ILoggingEvent> appender = RolledFile.open(context, file);
    root.addAppender(appender);
    root.setLevel(Level.WARN);
    context.getLogger(PROGRAM).setLevel(levelOf(level));
    return new LogFile(root, Optional.of(appender));
  }

  /**
   * Takes what one node says, and nothing else.
   *
   * @param node its name, unique in this process
   */
  public static LogFile ofNode(String node, Path file, LogLevel level) {
    LoggerContext context = context();
    Logger logger = context.getLogger(NODES + node);
    logger.setLevel(levelOf(level));
    boolean isTheProcess =
        context.getLogger(Logger.ROOT_LOGGER_NAME).getAppender(RolledFile.nameOf(file)) != null;
    logger.setAdditive(isTheProcess);
    if (isTheProcess) {
      return new LogFile(logger, Optional.empty());
    }
    Appender<ILoggingEvent> appender = RolledFile.open(context, file);
    logger.addAppender(appender);
    return new LogFile(logger, Optional.of(appender));
  }

  /** What a node speaks through; its lines are in its file while that is open. */
  public static org.slf4j.Logger of(String node) {
    return LoggerFactory.getLogger(NODES + node);
  }

  @Override
  public void close() {
    file.ifPresent(appender -> {
      source.detachAppender(appender);
      appender.stop();
    });
  }

  private static LoggerContext context() {
    return (LoggerContext) LoggerFactory.getILoggerFactory();
  }

  private static Level levelOf(LogLevel level) {
    return switch (level) {
      case ERROR -> Level.ERROR;
      case WARN -> Level.WARN;
      case INFO -> Level.INFO;
      case DEBUG -> Level.DEBUG;
    };
  }
}
