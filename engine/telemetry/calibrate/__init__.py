"""Learning output budgets from recorded calls: fits, proposals, and replays that show what they would have done.

In: calls with their lengths, cut off or not. Out: a budget per cell with everything it rests on. Nothing here applies
anything: a person accepts a proposal, and that makes a version of the estimator that can be rolled back.
"""
