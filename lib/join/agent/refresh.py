"""The refresh: one pass that brings this machine to what the bundle says. Safe to repeat, safe to kill anywhere."""
import contextlib
import time

from .places import JOIN_RETRY_SECONDS
from .files import sidecar_owner
from .hosts import set_hosts
from .state import boot_id, load_state, save_state
from .cluster import Cluster
from .tokens import follow_token
from .bundle import bundle_name, read_bundle, read_join
from .guards import follow_guards
from .system import MANAGED
from .package import ensure_package
from .units import write_units
from .absence import come_back
from .admin_ports import follow_admin_ports
from .firewall import follow_firewall
from .dns import follow_dns
from .gateway import follow_gateway
from .sidecar_files import follow_root_certificate, make_folders, place_files
from .restart import follow_restart, leave_dns
from .way_back import choose_bundle, judge_bundle, tell_way_back
from .health import follow_health


def refresh_once():
    state = load_state()
    interval = state.get('interval', JOIN_RETRY_SECONDS)
    # Before anything that may fail: cloud-init (manage_etc_hosts) rewrites the file at boot.
    if state.get('hosts'):
        set_hosts(state['hosts'])
    if state.get('away'):
        come_back()
        state['away'] = False
    follow_admin_ports(state)
    try:
        update(state)
        interval = state['interval']
        state.update(failures=0, error=None, refreshed=int(time.time()))
        if not state.get('joined') or state.get('watch') and state.get('goodBundle'):
            interval = min(interval, JOIN_RETRY_SECONDS)
    except Exception as error:
        state['failures'] = state.get('failures', 0) + 1
        state['error'] = str(error)
        interval = min(interval, JOIN_RETRY_SECONDS * 2 ** min(state['failures'] - 1, 6))
        raise
    finally:
        with contextlib.suppress(OSError):  # A full disk must not hide the first error.
            save_state(state)
            write_units(state, interval)


def update(state):
    config = read_join()
    cluster = Cluster(config)
    problems = []

    def attempt(step, *arguments):
        """One broken step must not keep the others from being done: a full disk does not stop the token, for example."""
        try:
            return step(*arguments)
        except Exception as error:
            problems.append(error)
            return None

    try:
        try:
            data = choose_bundle(state, cluster.config_map(bundle_name(cluster)))
            settings, environment, mesh = read_bundle(cluster, data, config.get('sidecar'))
        except Exception:
            # What a group says wrongly, or no longer says, takes no machine out of the mesh.
            attempt(keep_token, state, cluster)
            raise
        state.update(interval=settings['refreshIntervalSeconds'], deadManSeconds=settings['deadManSeconds'],
                     identity=settings['identity'],
                     absence={'host': settings['istiod']['host'], 'port': settings['istiod']['port'],
                              'seconds': settings['restart'].get('absenceSeconds', 15)},
                     longestPause=max(settings['restart']['jitterSeconds'],
                                      20 * settings['restart'].get('absenceSeconds', 15)),
                     dns=settings['dns']['mode'])
        rebooted = state.get('boot') != boot_id()
        if 'sidecar' in config:  # User-data of a group whose manifests let its machines see their guards.
            attempt(follow_guards, state, cluster, rebooted)
            if problems and not state.get('started'):
                raise problems[0]  # Nothing of this machine's rights is used unguarded.
        attempt(follow_firewall, state, settings)
        if MANAGED:
            before = len(problems)
            attempt(ensure_package, state, settings['istio'])
            if len(problems) > before and not state.get('started'):
                raise problems[before]  # Nothing of Istio may be placed before its package.
        owner = sidecar_owner()
        attempt(make_folders, owner)
        attempt(follow_gateway, state, cluster, settings, rebooted)
        attempt(follow_root_certificate, state, cluster, rebooted, owner)
        attempt(follow_token, cluster, settings['identity'], owner)
        before = len(problems)
        if not state.get('givenBack'):
            attempt(follow_dns, state, settings)
        # A sidecar without what its DNS mode needs would leave the machine without names: it stays as it is.
        placed = len(problems) == before and attempt(place_files, state, cluster, config, settings, environment, mesh)
        # A first start needs everything; a restart only what it is for.
        if not problems or placed and state.get('started'):
            before = state.get('started')
            attempt(follow_restart, state, settings, rebooted, state['wayBack'])
            attempt(leave_dns, state, settings)
            attempt(judge_bundle, state, data, settings, state.get('started') != before)
        if not problems:
            state['boot'] = boot_id()
            follow_health(state, settings)
        attempt(tell_way_back, state)
    finally:
        state['requests'] = cluster.connection.requests
    if problems:
        raise problems[0]


def keep_token(state, cluster):
    """Renews the token of the identity that this machine has had so far."""
    if state.get('identity') and state.get('started'):
        follow_token(cluster, state['identity'], sidecar_owner())
