"""Interrupts reach what they are for, whatever the thread is in just then."""

import gc
import threading

from agentbench.engine.interrupt import LeftBehind, raise_in


def test_an_interrupt_is_not_lost_in_a_callback_of_the_collector():
    inside, go_on, ended = threading.Event(), threading.Event(), threading.Event()

    def callback(phase, info):
        if threading.current_thread() is works and phase == "stop":
            inside.set()
            go_on.wait(60)

    def work():
        try:
            gc.collect()
            while not ended.wait(0.001):
                pass
        except LeftBehind:
            ended.set()

    works = threading.Thread(target=work, daemon=True)
    gc.callbacks.append(callback)
    try:
        works.start()
        assert inside.wait(60)
        raising = threading.Thread(target=raise_in, args=(works.ident, LeftBehind))
        raising.start()
        raising.join(0.2)
        go_on.set()
        assert ended.wait(60), "it was lost"
    finally:
        gc.callbacks.remove(callback)
        ended.set()
