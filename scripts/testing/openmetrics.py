"""Reads OpenMetrics text on stdin with the reference parser; writes what it understood as JSON, or fails with its words."""
import io
import json
import sys

from prometheus_client.openmetrics.parser import text_string_to_metric_families


def time(timestamp):
    return None if timestamp is None else repr(float(timestamp))


def exemplar(found):
    if found is None:
        return None
    return {'labels': found.labels, 'value': repr(float(found.value)), 'time': time(found.timestamp)}


def sample(found):
    return {
        'name': found.name,
        'labels': found.labels,
        'value': repr(float(found.value)),
        'time': time(found.timestamp),
        'exemplar': exemplar(found.exemplar),
    }


text = io.TextIOWrapper(sys.stdin.buffer, encoding='utf-8', newline='').read()
try:
    families = [
        {
            'name': family.name,
            'type': family.type,
            'help': family.documentation,
            'unit': family.unit,
            'samples': [sample(each) for each in family.samples],
        }
        for family in text_string_to_metric_families(text)
    ]
except ValueError as error:
    sys.exit(str(error))
json.dump(families, sys.stdout)
