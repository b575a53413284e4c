"""A process of gunicorn in which waitress speaks HTTP: a slow client never holds a thread.

gunicorn's own threads read the request and send the answer themselves, so that as many slow clients as there are
threads stop the site. waitress gives a thread a request that has arrived whole, and takes the whole answer from it.
"""

import os
import signal
import sys
import time

from gunicorn.workers.base import Worker
from waitress import create_server, wasyncore

IDLE = 10  # seconds in which a client has to send or take something
PATIENCE = 30  # seconds in which a request has to arrive whole, and in which its answer has to be taken
CONNECTIONS = 500  # at once; more wait in the system's queue. Half of the files that a process may usually have open
HEAD = 64 * 1024  # bytes of request line and headers. More is answered with 431
BODY = 10 * 1024 * 1024  # bytes. More is answered with 413; Django's own limit is lower, and its answer is kinder


class BufferingWorker(Worker):
    def init_signals(self):
        """Listen to the arbiter alone: a terminal's Ctrl-C reaches both, and the arbiter passes it on."""
        super().init_signals()
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        # What came between fork and here, the arbiter's handler has put into our copy of its queue.
        while not self.arbiter.SIG_QUEUE.empty():
            if self.arbiter.SIG_QUEUE.get() in (signal.SIGINT, signal.SIGQUIT, signal.SIGTERM):
                sys.exit(0)

    def handle_quit(self, number, frame):
        """End at once: whatever a thread may be waiting for."""
        os._exit(0)

    def run(self):
        self.server = create_server(
            self.wsgi,
            sockets=[listener.sock for listener in self.sockets],
            threads=self.cfg.threads,
            ident=None,
            connection_limit=CONNECTIONS,
            channel_timeout=IDLE,
            cleanup_interval=1,
            max_request_header_size=HEAD,
            max_request_body_size=BODY,
            clear_untrusted_proxy_headers=False,  # settings say which of them count
            log_socket_errors=False,  # a reader who leaves
        )
        self.waiting, self.next_look = {}, 0
        while self.alive and os.getppid() == self.ppid:
            self._serve(1)
        self._finish()

    def _serve(self, seconds):
        wasyncore.loop(timeout=seconds, use_poll=True, map=self.server._map, count=1)
        if time.monotonic() >= self.next_look:
            self.next_look = time.monotonic() + 1
            self.notify()
            self._end_what_takes_too_long()

    def _end_what_takes_too_long(self):
        """waitress ends who does nothing. Who sends or takes a byte now and then is ended here."""
        now, waiting = time.monotonic(), {}
        for channel in self.server.active_channels.values():
            if what := channel.request or (channel.total_outbufs_len and channel):
                waiting[what] = self.waiting.get(what, now)
                if now - waiting[what] > PATIENCE:
                    channel.will_close = True
        self.waiting = waiting

    def _finish(self):
        """Accept nobody else, and answer who has been accepted."""
        self.server.accepting = False
        deadline = time.monotonic() + self.cfg.graceful_timeout
        while time.monotonic() < deadline:
            channels = self.server.active_channels.values()
            if not any(channel.requests or channel.total_outbufs_len for channel in channels):
                break
            self._serve(0.1)
        os._exit(0)
