package org.undchain.node.api;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.undchain.core.message.JobRow;
import org.undchain.core.message.PayoutFile;
import org.undchain.core.message.PayoutHeader;
import org.undchain.core.message.PayoutRecord;
import org.undchain.core.message.SlotRow;
import org.undchain.core.message.ValidatorRow;
import org.undchain.core.value.Hash;

/**
 * What questions want of a payout file: jobs, validators, sums and which block each slot has. The
 * entries themselves, by far the most of it, stay on the disk.
 */
final class ClosedPeriod {
  private final PayoutHeader header;
  private final Hash payoutRoot;
  private final long height;
  private final List<JobRow> jobs;
  private final List<ValidatorRow> validators;
  private final long[] slots;
  private final long[] heights;

  private ClosedPeriod(PayoutRecord record) {
    PayoutFile file = record.getFile();
    header = file.getHeader();
    payoutRoot = Hash.of(record.getHead().getHeader().getPayoutRoot());
    height = record.getHead().getHeader().getHeight();
    jobs = List.copyOf(file.getJobsList());
    validators = List.copyOf(file.getValidatorsList());
    slots = file.getSlotsList().stream().mapToLong(SlotRow::getSlot).toArray();
    heights = file.getSlotsList().stream().mapToLong(SlotRow::getHeight).toArray();
  }

  static ClosedPeriod of(PayoutRecord record) {
    return new ClosedPeriod(record);
  }

  long number() {
    return header.getPeriod();
  }

  PayoutHeader header() {
    return header;
  }

  Hash payoutRoot() {
    return payoutRoot;
  }

  /** Height of the PAYOUT block. */
  long height() {
    return height;
  }

  /** Ascending by job id. */
  List<JobRow> jobs() {
    return jobs;
  }

  Optional<JobRow> job(Hash jobId) {
    return jobs.stream().filter(row -> row.getJobId().equals(jobId.toByteString())).findFirst();
  }

  List<ValidatorRow> validators() {
    return validators;
  }

  OptionalLong heightAt(long slot) {
    int at = Arrays.binarySearch(slots, slot);
    return at < 0 ? OptionalLong.empty() : OptionalLong.of(heights[at]);
  }
}
