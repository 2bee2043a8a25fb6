"""Speaks as the training process does, without torch: each epoch is a number in a file. For tests of what drives it.

    python fake_training.py train CONFIG.toml --data DIR --out DIR --start DIR … (the words of the real one)

FAKE_TRAINING in the environment says how it goes wrong: "stray" (prints something else), "endless" (a line without
end), "mute" (ends without a word), "defect" (fails with a sentence), "deaf" (does not end when it is asked to).
"""

import json
import os
import shutil
import sys
import threading
import time
import tomllib
from pathlib import Path

STEPS, STEP_S = 4, 0.01


def say(event: str, **facts: object) -> None:
    print(json.dumps({"schema": "medviewer.training/1", "event": event, **facts}), flush=True)


def main(words: list[str]) -> int:
    options = {word: words[i + 1] for i, word in enumerate(words[:-1]) if word.startswith("--")}
    out, control, how = Path(options["--out"]), Path(options["--control"]), os.environ.get("FAKE_TRAINING", "")
    if how != "deaf":
        threading.Thread(target=end_with_parent, daemon=True).start()
    epochs = tomllib.loads(Path(words[1]).read_text("utf-8"))["training"]["epochs"]
    checkpoint = out / "checkpoint"
    last = checkpoint / "last"
    say("data", parts={"fit": 36, "select": 12, "report": 12}, sha256="0" * 64, device="cpu")
    begin = int(last.read_text()) if last.exists() else 0
    checkpoint.mkdir(exist_ok=True)
    if "--resume" in words:
        say("resumed", epoch=begin, step=0)
    else:
        say("base", select_auc=0.75, select_loss=0.5)
    for epoch in range(begin + 1, epochs + 1):
        for step in range(1, STEPS + 1):
            time.sleep(STEP_S)
            if step == 2 and epoch == begin + 1 and (code := go_wrong(how)) is not None:
                return code
            if pause(control):
                say("stopped")
                if epoch == 1:
                    say("failed", code="stopped_early", sentence="The training was stopped before an epoch was over.")
                    return 3
                return finish(out, options.get("--start"), checkpoint)
            say("steps", epoch=epoch, step=step, of=STEPS, loss=1 / epoch)
        part = checkpoint / "part"
        part.write_text(str(epoch))
        part.replace(last)
        figures = {"loss": 1 / epoch, "select_loss": 1.1 / epoch, "select_auc": 1 - 0.2 / epoch, "stress_auc": None}
        say("epoch", epoch=epoch, of=epochs, **figures, best=epoch, seconds=STEPS * STEP_S)
    return finish(out, options.get("--start"), checkpoint)


def go_wrong(how: str) -> int | None:
    if how == "stray":
        print("Segmentation fault of a library", flush=True)
        time.sleep(60)
    if how == "endless":
        print("x" * (1 << 20), flush=True)
        time.sleep(60)
    if how == "defect":
        say("failed", code="no_memory", sentence="There is not enough memory for this training.")
        return 3
    return 1 if how == "mute" else None


def pause(control: Path) -> bool:
    if (control / "pause").exists() and not (control / "stop").exists():
        say("paused")
        while (control / "pause").exists() and not (control / "stop").exists():
            time.sleep(0.01)
        say("going_on")
    return (control / "stop").exists()


def finish(out: Path, start: str | None, checkpoint: Path) -> int:
    part = out / "model.part"
    shutil.rmtree(part, ignore_errors=True)
    assert start
    shutil.copytree(start, part)
    part.replace(out / "model")
    shutil.rmtree(checkpoint)
    say("done", model="bright-film", model_version="2")
    return 0


def end_with_parent() -> None:
    while os.read(0, 4096):
        pass
    os._exit(130)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
