package org.undchain.sim.mutant;

import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;

/** Runs one test class in a process of its own. Exit 1 if a test failed, 0 if none did. */
final class TestRun {
  private TestRun() {}

  public static void main(String[] args) {
    LauncherDiscoveryRequest request =
        LauncherDiscoveryRequestBuilder.request()
            .selectors(DiscoverySelectors.selectClass(args[0]))
            .build();
    SummaryGeneratingListener summary = new SummaryGeneratingListener();
    LauncherFactory.create().execute(request, summary);
    if (summary.getSummary().getTestsFoundCount() == 0) {
      System.out.println("no tests in " + args[0]);
      System.exit(2);
    }
    summary
        .getSummary()
        .getFailures()
        .forEach(failure ->
            System.out.println("failed: " + failure.getTestIdentifier().getDisplayName()));
    System.exit(summary.getSummary().getTotalFailureCount() > 0 ? 1 : 0);
  }
}
