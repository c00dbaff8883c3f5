package org.undchain.sim.chaos;

/**
 * One fault of a plan.
 *
 * @param number its place in the plan, also the seed of what it draws itself
 * @param atMillis when it begins (a trigger: is armed), counted from the start of the chaos
 * @param forMillis how long it lasts
 * @param victim place of the validator it happens to, or number of the client
 * @param other a second place, where the kind needs one
 * @param amount per mille, milliseconds or whatever the kind counts
 * @param moment of a trigger
 */
public record Fault(
    int number,
    FaultKind kind,
    long atMillis,
    long forMillis,
    int victim,
    int other,
    long amount,
    Moment moment) {

  @Override
  public String toString() {
    String where = kind.group() == FaultKind.Group.TRIGGER ? " when " + moment + " after" : " at";
    return "#%d %s of %d%s %d ms for %d ms (%d, %d)"
        .formatted(number, kind, victim, where, atMillis, forMillis, other, amount);
  }
}
