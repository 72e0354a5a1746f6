"""python -m faro_nlu train | serve | parse | evaluate | lint | fingerprint"""

import argparse
import asyncio
import json
import sys
from pathlib import Path


def main(arguments: list[str] | None = None) -> int:
    asked = _parser().parse_args(arguments)
    if asked.run not in (_serve, _fingerprint):  # they read no text and stay small
        from faro_nlu import lean

        lean.prepare(threads=2 if asked.run in (_train, _evaluate) else 1)
    try:
        return int(asked.run(asked) or 0)
    except (ValueError, OSError) as error:
        _say(str(error))
        return 1


def _train(asked: argparse.Namespace) -> None:
    from faro_nlu import training

    archive = training.train(models=asked.models, say=_say, again=asked.again)
    print(archive)  # noqa: T201


def _serve(asked: argparse.Namespace) -> None:
    from faro_nlu import crew

    _archive(asked)
    orders = crew.Orders(
        asked.models, asked.host, asked.port, asked.processes, asked.recycle_mb * 1024 * 1024
    )
    asyncio.run(crew.keep(orders, until_stdin_closes=asked.until_stdin_closes, say=_say))


def _work(asked: argparse.Namespace) -> None:
    import socket

    from faro_nlu import server

    asyncio.run(server.serve(_archive(asked), listener=socket.socket(fileno=asked.fd)))


def _fingerprint(_: argparse.Namespace) -> None:
    from faro_nlu import training

    print(training.fingerprint())  # noqa: T201


def _parse(asked: argparse.Namespace) -> None:
    from faro_nlu import model

    loaded = model.load(_archive(asked))
    for line in [" ".join(asked.text)] if asked.text else (line.rstrip("\n") for line in sys.stdin):
        print(json.dumps(loaded.parse([line])[0], ensure_ascii=False), flush=True)  # noqa: T201


def _evaluate(asked: argparse.Namespace) -> None:
    from faro_nlu import evaluation

    evaluation.run(archive=_archive(asked), report=asked.report)


def _lint(_: argparse.Namespace) -> int:
    from faro_nlu import lint

    return lint.run(say=_say)


def _archive(asked: argparse.Namespace) -> Path:
    from faro_nlu import training

    found = training.newest(asked.models)
    if found is None:
        raise FileNotFoundError(f"No model in {asked.models}. Train one: python -m faro_nlu train")
    return found


def _parser() -> argparse.ArgumentParser:
    from faro_nlu.training import MODELS

    parser = argparse.ArgumentParser(
        prog="faro_nlu", description="Understands Spanish as frightened people write it."
    )
    commands = parser.add_subparsers(required=True)

    def command(name: str, run: object, told: str) -> argparse.ArgumentParser:
        made = commands.add_parser(name, help=told)
        made.add_argument("--models", type=Path, default=MODELS, help="folder of trained models")
        made.set_defaults(run=run)
        return made

    command("train", _train, "train the model, if its phrases or its code have changed").add_argument(
        "--again", action="store_true", help="train although the model is there"
    )
    serve = command("serve", _serve, "answer POST /model/parse; prints one line of JSON when ready")
    serve.add_argument("--host", default="127.0.0.1")
    serve.add_argument("--port", type=int, default=0, help="0 takes a free one")
    serve.add_argument(
        "--until-stdin-closes", action="store_true", help="end together with the parent process"
    )
    serve.add_argument("--processes", type=int, default=1, help="how many read texts, behind one address")
    serve.add_argument("--recycle-mb", type=int, default=200, help="one that is larger is replaced")
    command("work", _work, "one of a crew; started by serve").add_argument("--fd", type=int, required=True)
    command("fingerprint", _fingerprint, "print what the model for the present phrases is named")
    command("parse", _parse, "read texts: the arguments, or a line each from standard input").add_argument(
        "text", nargs="*"
    )
    evaluate = command("evaluate", _evaluate, "measure on phrases the model did not learn from")
    evaluate.add_argument("--report", type=Path, help="write the report as Markdown here too")
    command("lint", _lint, "find duplicates, near-duplicates across intents and leaks")
    return parser


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)  # noqa: T201


if __name__ == "__main__":
    sys.exit(main())
