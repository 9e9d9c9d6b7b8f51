"""What a spammer does to a page that is caught, so that it is caught no longer, and still sells the same.

One file a kind. An attack is a pure function of a page's markup, a strength from 0 to 1, and a seeded random generator. Half of the attacks may be
trained on; the others are for measuring only, so that what is measured is what was never seen. `detector.attacks.honest` holds what honest
tools do to honest pages, after which they must stay clean.
"""
