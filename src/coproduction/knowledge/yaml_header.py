"""YAML in front of queries and mapping sets: plain data, without references that grow."""

from __future__ import annotations


def read_yaml(text: str) -> object:
    """Read YAML of plain data.

    Raises:
        ValueError: it is not YAML, or refers to its own parts (`*name`), which can hold
            themselves or grow without end; the message is one line.
    """
    import yaml

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        if "*" in text:
            for event in yaml.parse(text, Loader=loader):
                if isinstance(event, yaml.AliasEvent):
                    line = event.start_mark.line + 1 if event.start_mark else 1
                    raise ValueError(
                        f"line {line} refers to another part (*{event.anchor}): write it out"
                    )
        return yaml.load(text, Loader=loader)
    except yaml.YAMLError as error:
        raise ValueError(" ".join(str(error).split())) from None
    except RecursionError:
        raise ValueError("it is nested too deeply") from None
    except (AttributeError, KeyError, TypeError) as error:
        # PyYAML's own way to say that a value is none of the kind that its tag names.
        raise ValueError(f"a value is not what its tag says: {error}") from None
