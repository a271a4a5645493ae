import 'cdk8s';
