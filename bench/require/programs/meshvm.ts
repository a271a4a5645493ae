import 'cdk8s';
import 'meshvm';
