# Objects of the emulator's command line.

!args -display none -machine none -nodefaults -object 'foo'
<~2 $PROG: -object foo: Parameter 'qom-type' does not accept value 'foo'
!exit 1

!args -display none -machine none -nodefaults -object ''
<~2 $PROG: -object : Parameter 'qom-type' is missing
!exit 1

!args -display none -machine none -nodefaults -object '{}'
<~2 $PROG: -object {}: Parameter 'qom-type' is missing
!exit 1

!args -display none -machine none -nodefaults -object '{"qom-type":"foo"}'
<~2 $PROG: -object {"qom-type":"foo"}: Parameter 'qom-type' does not accept value 'foo'
!exit 1

!args -display none -machine none -nodefaults -object '{"qom-type":"iothread"}'
<~2 $PROG: -object {"qom-type":"iothread"}: Parameter 'id' is missing
!exit 1

!args -display none -machine none -nodefaults -object '{"qom-type":"iothread","id":"a","foo":1}'
<~2 $PROG: -object {"qom-type":"iothread","id":"a","foo":1}: Parameter 'foo' is unexpected
!exit 1

!args -display none -machine none -nodefaults -object '{"qom-type":"iothread","id":"1"}'
<~2 $PROG: Parameter 'id' expects an identifier
<~2 Identifiers consist of letters, digits, '-', '.', '_', starting with a letter.
!exit 1

!args -display none -machine none -nodefaults -object '{"qom-type":"iothread","id":"a"}x'
<~2 $PROG: -object {"qom-type":"iothread","id":"a"}x: Expecting at most one JSON value
!exit 1

!args -display none -machine none -nodefaults -object '{"qom-type"}'
<~2 $PROG: -object {"qom-type"}: JSON parse error, missing : in object pair
!exit 1

!args -display none -machine none -nodefaults -object 'iothread'
<~2 $PROG: -object iothread: Parameter 'id' is missing
!exit 1

!args -display none -machine none -nodefaults -object 'iothread,id=1'
<~2 $PROG: -object iothread,id=1: Parameter 'id' expects an identifier
<~2 Identifiers consist of letters, digits, '-', '.', '_', starting with a letter.
!exit 1

!args -display none -machine none -nodefaults -object 'iothread,id=a,foo=b'
<~2 $PROG: -object iothread,id=a,foo=b: Invalid parameter 'foo'
!exit 1

!args -display none -machine none -nodefaults -object iothread,id=a -object iothread,id=a
<~2 $PROG: -object iothread,id=a: Duplicate ID 'a' for object
!exit 1

!args -display none -machine none -nodefaults -object 'iothread,poll-max-ns=x,id=a'
<~2 $PROG: -object iothread,poll-max-ns=x,id=a: Parameter 'poll-max-ns' expects an int64 value
!exit 1

!args -display none -machine none -nodefaults -object 'iothread,poll-max-ns,id=a'
<~2 $PROG: -object iothread,poll-max-ns,id=a: warning: short-form boolean option 'poll-max-ns' deprecated
<~2 Please use poll-max-ns=on instead
<~2 $PROG: -object iothread,poll-max-ns,id=a: Parameter 'poll-max-ns' expects an int64 value
!exit 1

!args -display none -machine none -nodefaults -object 'iothread,id=a,poll-max-ns=-1'
<~2 $PROG: poll-max-ns value must be in range [0, 9223372036854775807]
!exit 1

!args -display none -machine none -nodefaults -object 'secret,id=a'
<~2 $PROG: Either 'file' or 'data' must be provided
!exit 1

!args -display none -machine none -nodefaults -object 'secret,id=a,data=x,format=foo'
<~2 $PROG: -object secret,id=a,data=x,format=foo: Parameter 'format' does not accept value 'foo'
!exit 1

!args -display none -machine none -nodefaults -object 'authz-list,id=a,rules.0.match=x'
<~2 $PROG: -object authz-list,id=a,rules.0.match=x: Invalid parameter 'rules.0.match'
!exit 1

!args -display none -machine none -nodefaults -object 'authz-list,id=a,policy=x'
<~2 $PROG: -object authz-list,id=a,policy=x: Parameter 'policy' does not accept value 'x'
!exit 1

!args -display none -machine none -nodefaults -object 'throttle-group,id=a,limits.iops-total=x'
<~2 $PROG: -object throttle-group,id=a,limits.iops-total=x: Invalid parameter 'limits.iops-total'
!exit 1

!args -display none -machine none -nodefaults -object 'foo,help'
<~2 $PROG: -object foo,help: Parameter 'qom-type' does not accept value 'foo'
!exit 1

!args -display none -machine none -nodefaults -object 'iothread,help'
<~ iothread options:
<~   aio-max-batch=<int>
<~   poll-grow=<int>
<~   poll-max-ns=<int>
<~   poll-shrink=<int>
<~   thread-pool-max=<int>
<~   thread-pool-min=<int>
!exit 0

!args -display none -machine none -nodefaults -object 'throttle-group,help'
<~ throttle-group options:
<~   limits=<ThrottleLimits>
<~   x-bps-read-max-length=<int>
<~   x-bps-read-max=<int>
<~   x-bps-read=<int>
<~   x-bps-total-max-length=<int>
<~   x-bps-total-max=<int>
<~   x-bps-total=<int>
<~   x-bps-write-max-length=<int>
<~   x-bps-write-max=<int>
<~   x-bps-write=<int>
<~   x-iops-read-max-length=<int>
<~   x-iops-read-max=<int>
<~   x-iops-read=<int>
<~   x-iops-size=<int>
<~   x-iops-total-max-length=<int>
<~   x-iops-total-max=<int>
<~   x-iops-total=<int>
<~   x-iops-write-max-length=<int>
<~   x-iops-write-max=<int>
<~   x-iops-write=<int>
!exit 0

!args -display none -machine none -nodefaults -object secret,id=s -chardev foo,id=x
<~2 $PROG: Either 'file' or 'data' must be provided
!exit 1

!args -display none -machine none -nodefaults -object foo -machine bar
<~2 $PROG: -object foo: Parameter 'qom-type' does not accept value 'foo'
!exit 1
