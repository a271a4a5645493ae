"""Credentials: how this machine authenticates to the Kubernetes API. Each returns a bearer token."""
import base64
import hashlib
import json
import time

from .surroundings import IMDS, ROOT, sha256
from .files import read
from .network import get_local


def aws_metadata(*paths):
    """Values of the EC2 metadata service, by IMDSv2."""
    session = get_local(IMDS + '/latest/api/token', {'X-aws-ec2-metadata-token-ttl-seconds': '300'}, 'PUT')
    headers = {'X-aws-ec2-metadata-token': session}
    return [get_local(IMDS + '/latest/meta-data/' + path, headers) for path in paths]


def eks_credential(options):
    folder = 'iam/security-credentials/'
    role, region, domain = aws_metadata(folder, 'placement/region', 'services/domain')
    keys = json.loads(aws_metadata(folder + role.strip())[0])
    return eks_token(options['cluster'], options.get('region') or region, domain, keys['AccessKeyId'],
                     keys['SecretAccessKey'], keys['Token'], time.gmtime())


def eks_token(cluster, region, domain, key, secret, session, now):
    """A presigned sts:GetCallerIdentity request, which the cluster sends to STS to learn this machine's role.

    AWS Signature Version 4 in the query; the signed header x-k8s-aws-id binds it to one cluster. Valid 15 minutes.
    """
    import hmac
    from urllib.parse import quote
    host = 'sts.{}.{}'.format(region, domain)
    stamp = time.strftime('%Y%m%dT%H%M%SZ', now)
    scope = '/'.join([stamp[:8], region, 'sts', 'aws4_request'])
    query = '&'.join('{}={}'.format(name, quote(value, safe='-_.~')) for name, value in [
        ('Action', 'GetCallerIdentity'), ('Version', '2011-06-15'), ('X-Amz-Algorithm', 'AWS4-HMAC-SHA256'),
        ('X-Amz-Credential', key + '/' + scope), ('X-Amz-Date', stamp), ('X-Amz-Expires', '60'),
        ('X-Amz-Security-Token', session), ('X-Amz-SignedHeaders', 'host;x-k8s-aws-id')])
    request = '\n'.join(['GET', '/', query, 'host:' + host, 'x-k8s-aws-id:' + cluster, '', 'host;x-k8s-aws-id', sha256(b'')])
    signed = '\n'.join(['AWS4-HMAC-SHA256', stamp, scope, sha256(request.encode())])
    digest = ('AWS4' + secret).encode()
    for part in scope.split('/') + [signed]:
        digest = hmac.new(digest, part.encode(), hashlib.sha256).digest()
    url = 'https://{}/?{}&X-Amz-Signature={}'.format(host, query, digest.hex())
    token = 'k8s-aws-v1.' + base64.urlsafe_b64encode(url.encode()).decode().rstrip('=')
    if len(token) > 4096:
        raise ValueError('the session token is so long that the cluster would not read the {} bytes'.format(len(token)))
    return token


GCP_PATH = '/computeMetadata/v1/instance/'
GCP_HEADERS = {'Metadata-Flavor': 'Google'}


def gke_credential(_options):
    return json.loads(get_local(IMDS + GCP_PATH + 'service-accounts/default/token', GCP_HEADERS))['access_token']


def aks_credential(options):
    # The resource is the application ID that AKS has in every tenant.
    url = IMDS + '/metadata/identity/oauth2/token?api-version=2018-02-01&resource=6dae42f8-4368-4678-94ff-3960e28e3630'
    if options.get('clientId'):
        url += '&client_id=' + options['clientId']
    return json.loads(get_local(url, {'Metadata': 'true'}))['access_token']


def token_file_credential(options):
    token = read(ROOT + options['path']).decode().strip()
    if not token:
        raise OSError('the file {} is missing or empty'.format(options['path']))
    return token


CREDENTIALS = {'eks': eks_credential, 'gke': gke_credential, 'aks': aks_credential, 'tokenFile': token_file_credential}
