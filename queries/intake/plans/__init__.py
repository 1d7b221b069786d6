"""Tables of actions and goals, whatever their headings are called: what readers/plans.py is made of."""
