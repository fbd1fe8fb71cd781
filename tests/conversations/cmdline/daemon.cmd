# qemu-storage-daemon: its options, their order and what is wrong with them.
!program qemu-storage-daemon

!args --foo
<~2 $PROG: unrecognized option '--foo'
!exit 1

!args foo
<~2 $PROG: foo: Unexpected argument
!exit 1

!args -x
<~2 $PROG: invalid option -- 'x'
!exit 1

!args -
<~2 $PROG: -: Unexpected argument
!exit 1

!args --e
<~2 $PROG: option '--export' requires an argument
!exit 1

!args --=x
<~2 $PROG: option '--=x' is ambiguous; possibilities: '--blockdev' '--chardev' '--daemonize' '--export' '--help' '--monitor' '--nbd-server' '--object' '--pidfile' '--trace' '--version'
!exit 1

!args --h=3
<~2 $PROG: option '--help' doesn't allow an argument
!exit 1

!args --foo=bar
<~2 $PROG: unrecognized option '--foo=bar'
!exit 1

!args -xV
<~2 $PROG: invalid option -- 'x'
!exit 1

!args -T
<~2 $PROG: option requires an argument -- 'T'
!exit 1

!args --daemonize=3
<~2 $PROG: option '--daemonize' doesn't allow an argument
!exit 1

!args --block
<~2 $PROG: option '--blockdev' requires an argument
!exit 1

!args --p
<~2 $PROG: option '--pidfile' requires an argument
!exit 1

!args --pidfile /nonexistent/x --foo
<~2 $PROG: unrecognized option '--foo'
!exit 1

!args --pidfile /nonexistent/x
<~2 $PROG: cannot create PID file: Could not create '/nonexistent/x': No such file or directory
!exit 1

!args --blockdev foo
<~2 $PROG: --blockdev foo: Parameter 'driver' does not accept value 'foo'
!exit 1

!args --blockdev=foo
<~2 $PROG: --blockdev=foo: Parameter 'driver' does not accept value 'foo'
!exit 1

!args --bl foo
<~2 $PROG: --bl foo: Parameter 'driver' does not accept value 'foo'
!exit 1

!args --blockdev
<~2 $PROG: option '--blockdev' requires an argument
!exit 1

!args --block driver=null-co --pidf
<~2 $PROG: option '--pidfile' requires an argument
!exit 1

!args --blockdev null-co,node-name=a foo --bar
<~2 $PROG: unrecognized option '--bar'
!exit 1

!args --blockdev null-co,node-name=a foo
<~2 $PROG: foo: Unexpected argument
!exit 1

!args foo --blockdev bar
<~2 $PROG: foo: Unexpected argument
!exit 1

!args --blockdev null-co,node-name=a --blockdev null-co,node-name=a
<~2 $PROG: --blockdev null-co,node-name=a: Duplicate nodes with node-name='a'
!exit 1

!args --blockdev file,filename=missing,node-name=a
<~2 $PROG: --blockdev file,filename=missing,node-name=a: Could not open 'missing': No such file or directory
!exit 1

!args --blockdev null-co
<~2 $PROG: --blockdev null-co: 'node-name' must be specified for the root node
!exit 1

!args --blockdev '{"driver"}'
<~2 $PROG: --blockdev {"driver"}: JSON parse error, missing : in object pair
!exit 1

!args --blockdev '{"driver":"null-co","node-name":"a","foo":1}'
<~2 $PROG: --blockdev {"driver":"null-co","node-name":"a","foo":1}: Parameter 'foo' is unexpected
!exit 1

!args --blockdev help
<~2 $PROG: --blockdev help: Help is not available for this option
!exit 1

!args --object foo
<~2 $PROG: --object foo: Parameter 'qom-type' does not accept value 'foo'
!exit 1

!args --object=foo
<~2 $PROG: --object=foo: Parameter 'qom-type' does not accept value 'foo'
!exit 1

!args --object secret
<~2 $PROG: --object secret: Parameter 'id' is missing
!exit 1

!args --object
<~2 $PROG: option '--object' requires an argument
!exit 1

!args --object '{"qom-type":"iothread"}'
<~2 $PROG: --object {"qom-type":"iothread"}: Parameter 'id' is missing
!exit 1

!args --object iothread,id=a,foo=b
<~2 $PROG: --object iothread,id=a,foo=b: Parameter 'foo' is unexpected
!exit 1

!args --object iothread,id=a --object iothread,id=a
<~2 $PROG: --object iothread,id=a: attempt to add duplicate property 'a' to object (type 'container')
!exit 1

!args --chardev foo,id=x
<~2 $PROG: --chardev foo,id=x: 'foo' is not a valid char driver name
!exit 1

!args --chardev stdio
<~2 $PROG: --chardev stdio: chardev: no id specified
!exit 1

!args --chardev null,id=a --chardev null,id=a
<~2 $PROG: --chardev null,id=a: attempt to add duplicate property 'a' to object (type 'container')
!exit 1

!args --chardev '{"id":"x"}'
<~2 $PROG: --chardev {"id":"x"}: chardev: no id specified
!exit 1

!args --monitor foo
<~2 $PROG: --monitor foo: chardev "foo" not found
!exit 1

!args --monitor chardev=x,mode=readline
<~2 $PROG: --monitor chardev=x,mode=readline: chardev "x" not found
!exit 1

!args --monitor help
<~2 $PROG: --monitor help: Help is not available for this option
!exit 1

!args --monitor '{"chardev":"x"}'
<~2 $PROG: --monitor {"chardev":"x"}: chardev "x" not found
!exit 1

!args --chardev null,id=a --monitor a --monitor a
<~2 $PROG: --monitor a: chardev 'a' is already in use
!exit 1

!args --chardev null,id=a --monitor a,mode=readline
<~2 $PROG: --monitor a,mode=readline: Only QMP is supported
!exit 1

!args --chardev null,id=a --monitor a,mode=foo
<~2 $PROG: --monitor a,mode=foo: Parameter 'mode' does not accept value 'foo'
!exit 1

!args --chardev null,id=a --monitor a,foo=bar
<~2 $PROG: --monitor a,foo=bar: Parameter 'foo' is unexpected
!exit 1

!args --chardev null,id=a --monitor a,pretty=foo
<~2 $PROG: --monitor a,pretty=foo: Parameter 'pretty' expects 'on' or 'off'
!exit 1

!args --monitor a --chardev null,id=a
<~2 $PROG: --monitor a: chardev "a" not found
!exit 1

!args --chardev null,id=a --monitor mode=control
<~2 $PROG: --monitor mode=control: Parameter 'chardev' is missing
!exit 1

!args --trace foo=bar
<~2 $PROG: --trace foo=bar: Invalid parameter 'foo'
!exit 1

!args -Tfoo=bar
<~2 $PROG: -Tfoo=bar: Invalid parameter 'foo'
!exit 1

!args --trace
<~2 $PROG: option '--trace' requires an argument
!exit 1

!args --daemonize --blockdev foo
<~2 $PROG: --blockdev foo: Parameter 'driver' does not accept value 'foo'
!exit 1
