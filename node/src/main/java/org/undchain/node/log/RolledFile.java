package org.undchain.node.log;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.rolling.FixedWindowRollingPolicy;
import ch.qos.logback.core.rolling.RollingFileAppender;
import ch.qos.logback.core.rolling.SizeBasedTriggeringPolicy;
import ch.qos.logback.core.util.FileSize;
import java.nio.file.Path;

/**
 * A file of {@code key=value} lines that is rolled over at 8 MiB; three old ones are kept. Set up
 * in code, since reading a configuration file of the library takes half as long as starting a node.
 */
final class RolledFile {
  private static final String LINE =
      "%d{yyyy-MM-dd'T'HH:mm:ss.SSS'Z',UTC} %level log=%logger{0} thread=%thread %msg%n";
  private static final long FILE_BYTES_MAX = 8L << 20;
  private static final int OLD_FILES_MAX = 3;

  private RolledFile() {}

  /** By this name an appender of this file is found again. */
  static String nameOf(Path file) {
    return file.toAbsolutePath().normalize().toString();
  }

  static RollingFileAppender<ILoggingEvent> open(LoggerContext context, Path file) {
    RollingFileAppender<ILoggingEvent> appender = new RollingFileAppender<>();
    appender.setContext(context);
    appender.setName(nameOf(file));
    appender.setFile(nameOf(file));
    appender.setEncoder(lines(context));
    rollOver(context, appender, nameOf(file));
    appender.start();
    return appender;
  }

  private static PatternLayoutEncoder lines(LoggerContext context) {
    PatternLayoutEncoder encoder = new PatternLayoutEncoder();
    encoder.setContext(context);
    encoder.setPattern(LINE);
    encoder.start();
    return encoder;
  }

  private static void rollOver(
      LoggerContext context, RollingFileAppender<ILoggingEvent> appender, String file) {
    FixedWindowRollingPolicy names = new FixedWindowRollingPolicy();
    names.setContext(context);
    names.setParent(appender);
    names.setFileNamePattern(file + ".%i");
    names.setMinIndex(1);
    names.setMaxIndex(OLD_FILES_MAX);
    names.start();
    SizeBasedTriggeringPolicy<ILoggingEvent> size = new SizeBasedTriggeringPolicy<>();
    size.setContext(context);
    size.setMaxFileSize(new FileSize(FILE_BYTES_MAX));
    size.start();
    appender.setRollingPolicy(names);
    appender.setTriggeringPolicy(size);
  }
}
