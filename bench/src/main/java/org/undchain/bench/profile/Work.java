package org.undchain.bench.profile;

/**
 * What a benchmark did while it was recorded.
 *
 * @param jobs committed
 * @param groups of records that all validators made durable
 */
public record Work(long jobs, int validators, long groups) {}
