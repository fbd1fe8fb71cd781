# -netdev, -nic, -net: what is refused.
!args -machine none -nodefaults -display none -netdev help
<~ Available netdev backend types:
<~ socket
<~ stream
<~ dgram
<~ hubport
<~ tap
<~ user
<~ l2tpv3
<~ vde
<~ bridge
<~ vhost-user
<~ vhost-vdpa
!exit 0
!args -machine none -nodefaults -display none -netdev user
<~2 $PROG: -netdev user: Parameter 'id' is missing
!exit 1
!args -machine none -nodefaults -display none -netdev user,id=n -netdev user,id=n
<~2 $PROG: -netdev user,id=n: Duplicate ID 'n' for netdev
!exit 1
!args -machine none -nodefaults -display none -netdev foo,id=n
<~2 $PROG: -netdev foo,id=n: Parameter 'type' does not accept value 'foo'
!exit 1
!args -machine none -nodefaults -display none -netdev none,id=n
<~2 $PROG: -netdev none,id=n: network backend 'none' is not compiled into this binary
!exit 1
!args -machine none -nodefaults -display none -netdev user,id=n,zz=1
<~2 $PROG: -netdev user,id=n,zz=1: Invalid parameter 'zz'
!exit 1
!args -machine none -nodefaults -display none -netdev '{"type":"user","id":"n","x":1}'
<~2 $PROG: -netdev {"type":"user","id":"n","x":1}: Parameter 'x' is unexpected
!exit 1
!args -machine none -nodefaults -display none -netdev hubport,id=h
<~2 $PROG: -netdev hubport,id=h: Parameter 'hubid' is missing
!exit 1
!args -machine none -nodefaults -display none -netdev hubport,id=h,hubid=1,netdev=u -netdev user,id=u
<~2 $PROG: -netdev hubport,id=h,hubid=1,netdev=u: netdev 'u' not found
!exit 1
!args -machine none -nodefaults -display none -netdev stream,id=s
<~2 $PROG: -netdev stream,id=s: Parameter 'addr' is missing
!exit 1
!args -machine none -nodefaults -display none -netdev dgram,id=s
<~2 $PROG: -netdev dgram,id=s: dgram requires local= parameter
!exit 1
!args -machine none -nodefaults -display none -net foo
<~2 $PROG: -net foo: Parameter 'type' does not accept value 'foo'
!exit 1
!args -machine none -nodefaults -display none -nic foo
<~2 $PROG: -nic foo: Parameter 'type' does not accept value 'foo'
!exit 1
!args -machine none -nodefaults -display none -nic user,id=q,mac=bad
<~2 $PROG: -nic user,id=q,mac=bad: invalid syntax for ethernet address
!exit 1
!args -machine none -nodefaults -display none -net user,id=x -net user,id=x
<~2 $PROG: -net user,id=x: Duplicate ID 'x' for net
!exit 1
!args -machine none -nodefaults -display none -netdev user,id=0x
<~2 $PROG: -netdev user,id=0x: Parameter 'id' expects an identifier
<~2 Identifiers consist of letters, digits, '-', '.', '_', starting with a letter.
!exit 1
!args -machine none -nodefaults -display none -netdev id=x
<~2 $PROG: -netdev id=x: Parameter 'type' is missing
!exit 1
!args -machine none -nodefaults -display none -netdev user,id=x,hostfwd=bad
<~2 $PROG: -netdev user,id=x,hostfwd=bad: Invalid host forwarding rule 'bad' (No : separators)
!exit 1
!args -machine none -nodefaults -display none -object filter-buffer,id=f,netdev=n,interval=1
<~2 $PROG: Parameter 'netdev' expects a network backend id
!exit 1
!args -machine none -nodefaults -display none -netdev vhost-user,id=n,chardev=c
<~2 $PROG: -netdev vhost-user,id=n,chardev=c: chardev "c" not found
!exit 1
!args -machine none -nodefaults -display none -net user,hubid=1
<~2 $PROG: -net user,hubid=1: Invalid parameter 'hubid'
!exit 1
!args -machine none -nodefaults -display none -net nic,netdev=zz
<~2 $PROG: -net nic,netdev=zz: netdev 'zz' not found
!exit 1
