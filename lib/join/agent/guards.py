"""Guards: the admission policies without which this machine's rights are wider than they look."""
from .trouble import REFUSED, Trouble

GUARDS = ('token', 'registration', 'application', 'config')
KINDS = ('validatingadmissionpolicies', 'validatingadmissionpolicybindings')


def follow_guards(state, cluster, rebooted):
    """Refuses to join a cluster that lacks one, such as one that is too old for them. Asked once, and after each boot."""
    if state.get('guarded') and not rebooted:
        return
    for guard in GUARDS:
        for kind in KINDS:
            name = 'meshvm.{}.{}.{}'.format(cluster.namespace, cluster.group, guard)
            try:
                cluster.call('{} {}'.format(kind, name), '/apis/admissionregistration.k8s.io/v1/{}/{}'.format(kind, name))
            except Trouble as trouble:
                if trouble.code != REFUSED:
                    raise
                raise Trouble(REFUSED, 'the rights of this machine are not guarded: {}'.format(trouble.cause),
                              'Kubernetes 1.31 or later, and all manifests of the group')
    state['guarded'] = True
