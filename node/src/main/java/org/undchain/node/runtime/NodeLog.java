package org.undchain.node.runtime;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.rolling.FixedWindowRollingPolicy;
import ch.qos.logback.core.rolling.RollingFileAppender;
import ch.qos.logback.core.rolling.SizeBasedTriggeringPolicy;
import ch.qos.logback.core.util.FileSize;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The log of one node: one key=value line per state change, in a file of its own folder and nowhere
 * else. At most four files of 8 MiB.
 */
public final class NodeLog implements AutoCloseable {
  private static final String PATTERN = "%d{yyyy-MM-dd'T'HH:mm:ss.SSSXXX,UTC} %level %msg%n";
  private static final String FILE = "node.log";
  private static final int OLD_FILES = 3;
  private static final long FILE_BYTES = 8 << 20;

  private final ch.qos.logback.classic.Logger logger;
  private final RollingFileAppender<ILoggingEvent> file = new RollingFileAppender<>();

  private NodeLog(LoggerContext context, String node, Path folder) {
    this.logger = context.getLogger(nameOf(node));
    PatternLayoutEncoder encoder = new PatternLayoutEncoder();
    encoder.setContext(context);
    encoder.setPattern(PATTERN);
    encoder.start();
    file.setContext(context);
    file.setName(folder.toString());
    file.setFile(folder.resolve(FILE).toString());
    file.setEncoder(encoder);
    roll(context, folder);
    file.start();
    logger.setAdditive(false);
    logger.setLevel(Level.INFO);
    logger.addAppender(file);
  }

  private void roll(LoggerContext context, Path folder) {
    FixedWindowRollingPolicy names = new FixedWindowRollingPolicy();
    names.setContext(context);
    names.setParent(file);
    names.setFileNamePattern(folder.resolve("node.%i.log").toString());
    names.setMinIndex(1);
    names.setMaxIndex(OLD_FILES);
    names.start();
    SizeBasedTriggeringPolicy<ILoggingEvent> size = new SizeBasedTriggeringPolicy<>();
    size.setContext(context);
    size.setMaxFileSize(new FileSize(FILE_BYTES));
    size.start();
    file.setRollingPolicy(names);
    file.setTriggeringPolicy(size);
  }

  /**
   * @param node its name, unique in this process
   */
  public static NodeLog open(String node, Path folder) {
    return new NodeLog((LoggerContext) LoggerFactory.getILoggerFactory(), node, folder);
  }

  /** What a node of this name logs to; goes to its file once that is open. */
  public static Logger of(String node) {
    return LoggerFactory.getLogger(nameOf(node));
  }

  private static String nameOf(String node) {
    return "undchain.node." + node;
  }

  @Override
  public void close() {
    logger.detachAppender(file);
    file.stop();
  }
}
