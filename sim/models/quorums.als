/*
 * Two quorums of one set (R10.2): however the known validators collude, and whoever else up to
 * 2q - n - 1, two certificates of one place have an honest signer in common.
 */
module quorums

some sig Member {}
sig Traitor in Member {}
sig Known in Member {}

// A certificate: who signed it.
some sig Cert { signers: set Member }

fun n : Int { #Member }
fun f : Int { n = 4 => 1 else n = 5 => 1 else n = 6 => 1 else n = 10 => 3 else 2 } // (n - 1) / 3 for 4..10
fun q : Int { minus[n, f] }
fun share44 : Int { // floor(44 n / 100) for 4..10
  n = 4 => 1 else n = 5 => 2 else n = 6 => 2 else n = 7 => 3 else n = 8 => 3 else n = 9 => 3 else 4
}
fun shared : Int { minus[mul[2, q], n] } // members that two quorums have in common at least

pred certificates { all c : Cert | #c.signers >= q }
pred honestInCommon { all a, b : Cert | some (a.signers & b.signers) - Traitor }

assert anyTraitorsUpToTheBound {
  certificates and #Traitor < shared implies honestInCommon
}

// R10.2: K is at most the lesser of both bounds.
assert allKnownCollude {
  certificates and Traitor = Known and #Known <= share44 and #Known < shared implies honestInCommon
}

// Without the second bound, as the share of 44 % alone would have it.
assert allKnownColludeBelowTheShareAlone {
  certificates and Traitor = Known and #Known <= share44 implies honestInCommon
}

// One traitor more than the bound.
assert oneTraitorMore {
  certificates and #Traitor <= shared implies honestInCommon
}

// A quorum of one less.
assert oneSignerLess {
  (all c : Cert | #c.signers >= minus[q, 1]) and #Traitor <= f implies honestInCommon
}

check anyTraitorsUpToTheBound for 2 Cert, exactly 4 Member, 6 Int expect 0
check anyTraitorsUpToTheBound for 2 Cert, exactly 5 Member, 6 Int expect 0
check anyTraitorsUpToTheBound for 2 Cert, exactly 6 Member, 6 Int expect 0
check anyTraitorsUpToTheBound for 2 Cert, exactly 7 Member, 6 Int expect 0
check anyTraitorsUpToTheBound for 2 Cert, exactly 8 Member, 6 Int expect 0
check anyTraitorsUpToTheBound for 2 Cert, exactly 9 Member, 6 Int expect 0
check anyTraitorsUpToTheBound for 2 Cert, exactly 10 Member, 6 Int expect 0
check allKnownCollude for 2 Cert, exactly 4 Member, 6 Int expect 0
check allKnownCollude for 2 Cert, exactly 7 Member, 6 Int expect 0
check allKnownCollude for 2 Cert, exactly 9 Member, 6 Int expect 0
check allKnownCollude for 2 Cert, exactly 10 Member, 6 Int expect 0

// Controls: each takes one rule away and has to find what it was for.
check allKnownColludeBelowTheShareAlone for 2 Cert, exactly 7 Member, 6 Int expect 1
check allKnownColludeBelowTheShareAlone for 2 Cert, exactly 10 Member, 6 Int expect 1
check allKnownColludeBelowTheShareAlone for 2 Cert, exactly 9 Member, 6 Int expect 0
check oneTraitorMore for 2 Cert, exactly 4 Member, 6 Int expect 1
check oneTraitorMore for 2 Cert, exactly 10 Member, 6 Int expect 1
check oneSignerLess for 2 Cert, exactly 4 Member, 6 Int expect 1
check oneSignerLess for 2 Cert, exactly 7 Member, 6 Int expect 1
