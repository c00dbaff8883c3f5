/*
 * The chain of set certificates (R10.9): each set names the next one in the header that ends its
 * period, by a quorum of its own. Whoever starts from the first set and believes nothing else never
 * has two sets for one period, although everybody turns traitor after its own period is over.
 *
 * Sets of four (f = 1, q = 3), as small as a set can be. Hashes are taken for what they stand for:
 * a certificate names a set, not a name of it.
 */
module set_change
open util/ordering[Period]

sig Node {}

sig Period {
  corrupt : set Node // traitors in this period
}

sig SetCert {
  period : one Period,
  members : set Node
}

one sig First in SetCert {}

// The header that ends a period, with its signatures.
sig Boundary {
  ends : one Period,
  next : one SetCert,
  signers : set Node
}

fact form {
  First.period = first
  all s : SetCert | #s.members = 4
  no disj a, b : SetCert | a.period = b.period and a.members = b.members
}

// What a reader believes: the first set, and what a quorum of a believed set names for the period after.
fun believed : set SetCert { First.*names }
fun names : SetCert -> SetCert {
  { a, b : SetCert | b.period = a.period.next and
      some h : Boundary | h.ends = a.period and h.next = b and #(h.signers & a.members) >= 3 }
}

// At most f of a set are traitors while it is in charge.
pred fewTraitors { all s : SetCert | #(s.members & s.period.corrupt) <= 1 }

// S2: an honest member signs one boundary of a period. Its key of the period is gone when the next
// one begins (R8.2), so what it becomes later does not matter.
pred oneSignature {
  all p : Period, v : Node - p.corrupt | lone h : Boundary | h.ends = p and v in h.signers
}

pred oneSetForEachPeriod { all disj a, b : believed | a.period != b.period }

assert unique { fewTraitors and oneSignature implies oneSetForEachPeriod }

// Control: keys of past periods are kept, so that who is a traitor later signs for earlier periods too.
assert uniqueAlthoughOldKeysAreKept {
  fewTraitors
    and (all p : Period, v : Node - (p + p.nexts).corrupt | lone h : Boundary | h.ends = p and v in h.signers)
    implies oneSetForEachPeriod
}

// Control: two signatures of an honest member for one period.
assert uniqueAlthoughHonestSignTwice { fewTraitors implies oneSetForEachPeriod }

// Control: a quorum of one less is believed.
fun namesBelowQuorum : SetCert -> SetCert {
  { a, b : SetCert | b.period = a.period.next and
      some h : Boundary | h.ends = a.period and h.next = b and #(h.signers & a.members) >= 2 }
}
assert uniqueBelowQuorum {
  fewTraitors and oneSignature implies
    all disj a, b : First.*namesBelowQuorum | a.period != b.period
}

// Control: any believed set, not only that of the period that ends, may sign.
fun namesByAnySet : SetCert -> SetCert {
  { a, b : SetCert | b.period in a.period.nexts and
      some h : Boundary | h.ends = b.period.prev and h.next = b and #(h.signers & a.members) >= 3 }
}
assert uniqueBySetsOfThePast {
  fewTraitors and oneSignature implies
    all disj a, b : First.*namesByAnySet | a.period != b.period
}

// The model is not empty: a chain over all periods, its sets without a common member.
run changesEverybody {
  fewTraitors and oneSignature and Period in believed.period
  some disj a, b : believed | no a.members & b.members
} for 4 but exactly 3 Period, 8 Node, 4 Int expect 1

check unique for 4 but exactly 3 Period, 7 Node, 4 Int expect 0
check uniqueAlthoughOldKeysAreKept for 4 but exactly 3 Period, 7 Node, 4 Int expect 1
check uniqueAlthoughHonestSignTwice for 4 but exactly 3 Period, 7 Node, 4 Int expect 1
check uniqueBelowQuorum for 4 but exactly 3 Period, 7 Node, 4 Int expect 1
check uniqueBySetsOfThePast for 4 but exactly 3 Period, 7 Node, 4 Int expect 1
