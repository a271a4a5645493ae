"""What a refresh costs a machine where nothing has changed: memory and CPU time, against a stand-in of the API server.

Run: python3 bench/join/idle_refresh.py [rounds]
"""
import socket
import statistics
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / 'test/agent'))
from support import AGENT, Cluster, Machine  # noqa: E402

# As Python runs a script: runpy would count, too. Not ru_maxrss: that of the parent survives exec.
MEASURE = '''
import resource, sys
sys.argv = ["meshvm", "refresh"]
try:
    exec(compile(open({!r}).read(), "meshvm", "exec"), globals())
except SystemExit as end:
    assert not end.code
own, children = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
peak = [line.split()[1] for line in open("/proc/self/status") if line.startswith("VmHWM")][0]
print("cost", peak, own.ru_utime + own.ru_stime + children.ru_utime + children.ru_stime)
'''


def main(rounds):
    cluster, machine, gateway = Cluster(), Machine(), socket.socket()
    gateway.bind(('127.0.0.1', 0))
    gateway.listen(5)
    cluster.settings['istiod']['port'] = gateway.getsockname()[1]
    machine.configure(cluster)
    first = machine.run('join', '--wait', '0')
    assert first.code == 0, first.output
    script = machine.root / 'measure.py'
    script.write_text(MEASURE.format(str(AGENT)))
    costs = [machine.run(script=script).output.splitlines()[-1].split()[1:] for _ in range(rounds)]
    print('idle refresh, median of {}: {:.1f} MB, {:.0f} ms of CPU'.format(
        rounds, statistics.median(int(kilobytes) for kilobytes, _ in costs) / 1024,
        statistics.median(float(seconds) for _, seconds in costs) * 1000))


if __name__ == '__main__':
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 7)
