/*
 * Receipts of one seat and its settlements (section 7): whatever the two sides hand in, in whatever
 * order, the seat is paid once for the best receipt that was handed in (R7.9), never more than the
 * client signed nor than the escrow (R7.11), and not at all if both stay silent (R7.12).
 */
module receipts
open util/ordering[Step]

// A Micro (only the client signed) or a Close (both did).
sig Receipt {
  number : one Int,
  amount : one Int
}
sig Dual in Receipt {}
sig Signed in Receipt {} // by the client's session key

one sig Escrow { most : one Int }

// One block after the other; in a step one receipt is handed in, or a period ends, or nothing happens.
sig Step {
  handed : lone Receipt,
  stored : lone Receipt, // after the step
  paid : one Int,        // by all settlements up to here
  over : lone Over       // the seat is settled or cancelled
}
one sig Over {}
sig Payout in Step {}

fact form {
  Escrow.most >= 0
  all r : Receipt | r.number > 0 and r.amount >= 0
  no disj a, b : Receipt | a.number = b.number and a.amount = b.amount and (a in Dual iff b in Dual) and (a in Signed iff b in Signed)
  no Payout & handed.Receipt
  no first.handed and no first.stored and first.paid = 0 and no first.over and first not in Payout
}

// An honest client signs no more than the escrow holds.
pred honestClient { all r : Signed | r.amount <= Escrow.most }

// R7.9: which receipt replaces which.
pred better [a, b : Receipt] {
  a.number > b.number
  or (a.number = b.number and a in Dual and b not in Dual)
  or (a.number = b.number and a in Dual and b in Dual and a.amount < b.amount)
  or (a.number = b.number and a not in Dual and b not in Dual and a.amount > b.amount)
}
pred betterWithoutDual [a, b : Receipt] { a.number > b.number } // control: at equal seq the first one stays

pred same [a, b : Step] { b.stored = a.stored and b.paid = a.paid and b.over = a.over }

pred hand [a, b : Step] {
  some b.handed and b not in Payout and no a.over
  b.paid = a.paid and no b.over
  (b.handed in Signed and b.handed.amount <= Escrow.most and (no a.stored or better[b.handed, a.stored]))
    implies b.stored = b.handed else b.stored = a.stored
}

pred payout [a, b : Step] {
  b in Payout and no b.handed and b.stored = a.stored and some b.over
  no a.over
  some a.stored implies b.paid = (a.stored.amount > a.paid implies a.stored.amount else a.paid)
    else b.paid = a.paid
}

pred rest [a, b : Step] { no b.handed and b not in Payout and same[a, b] }

pred lives { all b : Step - first | let a = b.prev | hand[a, b] or payout[a, b] or rest[a, b] }

fun all_handed : set Receipt { Step.handed & Signed & { r : Receipt | r.amount <= Escrow.most } }

assert neverMoreThanTheEscrow { lives implies last.paid <= Escrow.most }
assert onlyWhatTheClientSigned { lives and last.paid > 0 implies some r : Signed | r.amount = last.paid }
assert settledOnce { lives implies lone Payout }
assert silenceCostsNothing { lives and no Step.handed implies last.paid = 0 }
assert theOrderDoesNotMatter {
  lives implies all s : Step | let seen = (s + s.prevs).handed & all_handed |
    some s.stored implies s.stored in seen and no r : seen | better[r, s.stored]
}
assert nothingHandedInIsForgotten { lives implies all s : Step | some ((s + s.prevs).handed & all_handed) implies some s.stored }

check neverMoreThanTheEscrow for 3 but 5 Step, 4 Int expect 0
check onlyWhatTheClientSigned for 3 but 5 Step, 4 Int expect 0
check settledOnce for 3 but 5 Step, 4 Int expect 0
check silenceCostsNothing for 3 but 5 Step, 4 Int expect 0
check theOrderDoesNotMatter for 3 but 4 Step, 4 Int expect 0
check nothingHandedInIsForgotten for 3 but 5 Step, 4 Int expect 0

// The model is not empty: a worse receipt is handed in late and the better one is paid.
run lateAndWorse {
  lives and some Payout and last.paid > 0
  some s : Step | some s.handed and some s.prev.stored and s.handed != s.stored and s.handed in Signed
} for 3 but 5 Step, 4 Int expect 1

// --- controls: the same world with one rule taken away

pred handUnsigned [a, b : Step] {
  some b.handed and b not in Payout and no a.over and b.paid = a.paid and no b.over
  (b.handed.amount <= Escrow.most and (no a.stored or better[b.handed, a.stored]))
    implies b.stored = b.handed else b.stored = a.stored
}
pred handUnbounded [a, b : Step] {
  some b.handed and b not in Payout and no a.over and b.paid = a.paid and no b.over
  (b.handed in Signed and (no a.stored or better[b.handed, a.stored]))
    implies b.stored = b.handed else b.stored = a.stored
}
pred handFirstOfASeq [a, b : Step] {
  some b.handed and b not in Payout and no a.over and b.paid = a.paid and no b.over
  (b.handed in Signed and b.handed.amount <= Escrow.most and (no a.stored or betterWithoutDual[b.handed, a.stored]))
    implies b.stored = b.handed else b.stored = a.stored
}
pred payoutAgain [a, b : Step] { // not over after it, and what was paid before is forgotten
  b in Payout and no b.handed and b.stored = a.stored and no b.over
  b.paid = plus[a.paid, a.stored.amount]
}
pred livesUnsigned { all b : Step - first | let a = b.prev | handUnsigned[a, b] or payout[a, b] or rest[a, b] }
pred livesUnbounded { all b : Step - first | let a = b.prev | handUnbounded[a, b] or payout[a, b] or rest[a, b] }
pred livesFirst { all b : Step - first | let a = b.prev | handFirstOfASeq[a, b] or payout[a, b] or rest[a, b] }
pred livesAgain { all b : Step - first | let a = b.prev | hand[a, b] or payoutAgain[a, b] or rest[a, b] }

assert signedAlthoughNobodyLooks { livesUnsigned and last.paid > 0 implies some r : Signed | r.amount = last.paid }
assert escrowAlthoughNobodyLooks { livesUnbounded implies last.paid <= Escrow.most }
assert orderAlthoughTheFirstStays {
  livesFirst implies all s : Step | let seen = (s + s.prevs).handed & all_handed |
    some s.stored implies no r : seen | better[r, s.stored]
}
assert escrowAlthoughPaidAgain { livesAgain implies last.paid <= Escrow.most }

check signedAlthoughNobodyLooks for 3 but 5 Step, 4 Int expect 1
check escrowAlthoughNobodyLooks for 3 but 5 Step, 4 Int expect 1
check orderAlthoughTheFirstStays for 3 but 5 Step, 4 Int expect 1
check escrowAlthoughPaidAgain for 3 but 5 Step, 4 Int expect 1
