# Monitors that cannot be.

!args -machine none -nodefaults -display none -qmp foo
<~2 $PROG: -qmp foo: 'foo' is not a valid char driver
<~2 $PROG: -qmp foo: parse error: foo
!exit 1

!args -machine none -nodefaults -display none -qmp foo:bar
<~2 $PROG: -qmp foo:bar: 'foo:bar' is not a valid char driver
<~2 $PROG: -qmp foo:bar: parse error: foo:bar
!exit 1

!args -machine none -nodefaults -display none -qmp ''
<~2 $PROG: -qmp : '' is not a valid char driver
<~2 $PROG: -qmp : parse error: 
!exit 1

!args -machine none -nodefaults -display none -qmp none
<~2 $PROG: -qmp none: 'none' is not a valid char driver
<~2 $PROG: -qmp none: parse error: none
!exit 1

!args -machine none -nodefaults -display none -qmp-pretty foo
<~2 $PROG: -qmp-pretty foo: 'foo' is not a valid char driver
<~2 $PROG: -qmp-pretty foo: parse error: foo
!exit 1

!args -machine none -nodefaults -display none -qmp fd:3
<~2 $PROG: -qmp fd:3: 'fd:3' is not a valid char driver
<~2 $PROG: -qmp fd:3: parse error: fd:3
!exit 1

!args -machine none -nodefaults -display none -qmp unix:
<~2 $PROG: -qmp unix:: Unable to parse FD number 
!exit 1

!args -machine none -nodefaults -display none -qmp unix:missing
<~2 $PROG: -qmp unix:missing: Failed to connect to 'missing': No such file or directory
!exit 1

!args -machine none -nodefaults -display none -qmp unix:missing,foo=bar
<~2 $PROG: -qmp unix:missing,foo=bar: Invalid parameter 'foo'
<~2 $PROG: -qmp unix:missing,foo=bar: parse error: unix:missing,foo=bar
!exit 1

!args -machine none -nodefaults -display none -qmp unix:missing,server,nowait,foo
<~2 $PROG: -qmp unix:missing,server,nowait,foo: Invalid parameter 'foo'
<~2 $PROG: -qmp unix:missing,server,nowait,foo: parse error: unix:missing,server,nowait,foo
!exit 1

!args -machine none -nodefaults -display none -qmp unix:/nonexistent/x,server=on,wait=off
<~2 $PROG: -qmp unix:/nonexistent/x,server=on,wait=off: Failed to bind socket to /nonexistent/x: No such file or directory
!exit 1

!args -machine none -nodefaults -display none -qmp tcp:
<~2 $PROG: -qmp tcp:: parse error: tcp:
!exit 1

!args -machine none -nodefaults -display none -qmp tcp:foo
<~2 $PROG: -qmp tcp:foo: parse error: tcp:foo
!exit 1

!args -machine none -nodefaults -display none -qmp tcp:foo:bar
<~2 $PROG: -qmp tcp:foo:bar: address resolution failed for foo:bar: Servname not supported for ai_socktype
!exit 1

!args -machine none -nodefaults -display none -qmp tcp:127.0.0.1:1
<~2 $PROG: -qmp tcp:127.0.0.1:1: Failed to connect to '127.0.0.1:1': Connection refused
!exit 1

!args -machine none -nodefaults -display none -qmp tcp:127.0.0.1:1,foo=on
<~2 $PROG: -qmp tcp:127.0.0.1:1,foo=on: Invalid parameter 'foo'
<~2 $PROG: -qmp tcp:127.0.0.1:1,foo=on: parse error: tcp:127.0.0.1:1,foo=on
!exit 1

!args -machine none -nodefaults -display none -qmp udp:foo
<~2 $PROG: -qmp udp:foo: parse error: udp:foo
!exit 1

!args -machine none -nodefaults -display none -qmp chardev:foo
<~2 $PROG: -qmp chardev:foo: chardev "foo" not found
!exit 1

!args -machine none -nodefaults -display none -qmp stdio -qmp stdio
<~2 $PROG: -qmp stdio: cannot use stdio by multiple character devices
!exit 1

!args -machine none -nodefaults -display none -chardev stdio,id=a -qmp stdio
<~2 $PROG: -qmp stdio: cannot use stdio by multiple character devices
!exit 1

!args -machine none -nodefaults -display none -chardev null,id=compat_monitor0 -qmp null
<~2 $PROG: -qmp null: Duplicate ID 'compat_monitor0' for chardev
<~2 $PROG: -qmp null: parse error: null
!exit 1

!args -machine none -nodefaults -display none -monitor foo
<~2 $PROG: -monitor foo: 'foo' is not a valid char driver
<~2 $PROG: -monitor foo: parse error: foo
!exit 1

!args -machine none -nodefaults -display none -monitor mon:foo
<~2 $PROG: -monitor mon:foo: 'foo' is not a valid char driver
<~2 $PROG: -monitor mon:foo: parse error: mon:foo
!exit 1

!args -machine none -nodefaults -display none -monitor unix:/nonexistent/x
<~2 $PROG: -monitor unix:/nonexistent/x: Failed to connect to '/nonexistent/x': No such file or directory
!exit 1

!args -machine none -nodefaults -display none -mon foo
<~2 $PROG: -mon foo: chardev "foo" not found
!exit 1

!args -machine none -nodefaults -display none -mon chardev=foo
<~2 $PROG: -mon chardev=foo: chardev "foo" not found
!exit 1

!args -machine none -nodefaults -display none -mon chardev=foo,mode=bar
<~2 $PROG: -mon chardev=foo,mode=bar: Parameter 'mode' does not accept value 'bar'
!exit 1

!args -machine none -nodefaults -display none -mon chardev=foo,foo=bar
<~2 $PROG: -mon chardev=foo,foo=bar: Invalid parameter 'foo'
!exit 1

!args -machine none -nodefaults -display none -mon mode=control
<~2 $PROG: -mon mode=control: Parameter 'chardev' is missing
!exit 1

!args -machine none -nodefaults -display none -chardev null,id=a -mon a,mode=bar
<~2 $PROG: -mon a,mode=bar: Parameter 'mode' does not accept value 'bar'
!exit 1

!args -machine none -nodefaults -display none -chardev null,id=a -mon a,mode=control,pretty=x
<~2 $PROG: -mon a,mode=control,pretty=x: Parameter 'pretty' expects 'on' or 'off'
!exit 1

!args -machine none -nodefaults -display none -chardev null,id=a -mon a,mode=readline,pretty=on
<~2 $PROG: -mon a,mode=readline,pretty=on: 'pretty' is not compatible with HMP monitors
!exit 1

!args -machine none -nodefaults -display none -chardev null,id=a -mon a,mode=control -mon a,mode=control
<~2 $PROG: -mon a,mode=control: chardev 'a' is already in use
!exit 1

!args -machine none -nodefaults -display none -qmp null -mon compat_monitor0,mode=control
<~2 $PROG: -mon compat_monitor0,mode=control: chardev 'compat_monitor0' is already in use
!exit 1
