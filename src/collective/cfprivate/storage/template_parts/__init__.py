"""The resources of the CloudFormation template, by what they are for; each function gives CloudFormation's own shapes."""
