"""How each kind of resource is found, made and changed through boto3; all but CloudFormation itself."""
