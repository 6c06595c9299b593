"""Small plots of recorded calls, drawn in cells: points, bars and intervals with axes, in the colours of the theme.

In: ``Figures``. Out: rows of styled text. Series differ by their marks, never by colour alone; a plot without data
says so, and one without room draws what fits.
"""
