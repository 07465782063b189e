"""A page to look at: all schedulers of a project in one HTML file that loads nothing.

`payload` gathers what is to be shown as plain data: a card for each scheduler by `cards`, its lines over time by
`lines`, its code with marks by `frames`, what the probe measured by `measured`. `document` puts that data, as JSON,
into the page, together with the style, the script and the plotting library that lie beside it.
"""
