# Character devices that cannot be.

!args -machine none -nodefaults -display none -chardev ''
<~2 $PROG: -chardev : chardev: no id specified
!exit 1

!args -machine none -nodefaults -display none -chardev null
<~2 $PROG: -chardev null: chardev: no id specified
!exit 1

!args -machine none -nodefaults -display none -chardev null,id=1a
<~2 $PROG: -chardev null,id=1a: Parameter 'id' expects an identifier
<~2 Identifiers consist of letters, digits, '-', '.', '_', starting with a letter.
!exit 1

!args -machine none -nodefaults -display none -chardev null,id=a -chardev null,id=a
<~2 $PROG: -chardev null,id=a: Duplicate ID 'a' for chardev
!exit 1

!args -machine none -nodefaults -display none -chardev null,id=a,foo=bar
<~2 $PROG: -chardev null,id=a,foo=bar: Invalid parameter 'foo'
!exit 1

!args -machine none -nodefaults -display none -chardev foo,id=a
<~2 $PROG: -chardev foo,id=a: 'foo' is not a valid char driver name
!exit 1

!args -machine none -nodefaults -display none -chardev id=a,path=b
<~2 $PROG: -chardev id=a,path=b: chardev: "a" missing backend
!exit 1

!args -machine none -nodefaults -display none -chardev socket
<~2 $PROG: -chardev socket: chardev: no id specified
!exit 1

!args -machine none -nodefaults -display none -chardev socket,id=a
<~2 $PROG: -chardev socket,id=a: Unable to parse FD number 
!exit 1

!args -machine none -nodefaults -display none -chardev socket,id=a,path=
<~2 $PROG: -chardev socket,id=a,path=: Failed to connect to '': Connection refused
!exit 1

!args -machine none -nodefaults -display none -chardev socket,id=a,path=missing
<~2 $PROG: -chardev socket,id=a,path=missing: Failed to connect to 'missing': No such file or directory
!exit 1

!args -machine none -nodefaults -display none -chardev socket,id=a,path=/nonexistent/x
<~2 $PROG: -chardev socket,id=a,path=/nonexistent/x: Failed to connect to '/nonexistent/x': No such file or directory
!exit 1

!args -machine none -nodefaults -display none -chardev socket,id=a,path=/nonexistent/x,server=on,wait=off
<~2 $PROG: -chardev socket,id=a,path=/nonexistent/x,server=on,wait=off: Failed to bind socket to /nonexistent/x: No such file or directory
!exit 1

!args -machine none -nodefaults -display none -chardev socket,id=a,path=s,server=maybe
<~2 $PROG: -chardev socket,id=a,path=s,server=maybe: Parameter 'server' expects 'on' or 'off'
!exit 1

!args -machine none -nodefaults -display none -chardev socket,id=a,path=s,wait=off
<~2 $PROG: -chardev socket,id=a,path=s,wait=off: 'wait' option is incompatible with socket in client connect mode
!exit 1

!args -machine none -nodefaults -display none -chardev socket,id=a,path=s,server=on,reconnect=1
<~2 $PROG: -chardev socket,id=a,path=s,server=on,reconnect=1: 'reconnect' option is incompatible with socket in server listen mode
!exit 1

!args -machine none -nodefaults -display none -chardev socket,id=a,path=s,reconnect=1,reconnect-ms=1
<~2 $PROG: -chardev socket,id=a,path=s,reconnect=1,reconnect-ms=1: 'reconnect' and 'reconnect-ms' are mutually exclusive
!exit 1

!args -machine none -nodefaults -display none -chardev socket,id=a,path=s,reconnect=x
<~2 $PROG: -chardev socket,id=a,path=s,reconnect=x: Parameter 'reconnect' expects a number
!exit 1

!args -machine none -nodefaults -display none -chardev socket,id=a,path=s,host=h
<~2 $PROG: -chardev socket,id=a,path=s,host=h: None or one of 'path', 'fd' or 'host' option required.
!exit 1

!args -machine none -nodefaults -display none -chardev socket,id=a,path=s,fd=3
<~2 $PROG: -chardev socket,id=a,path=s,fd=3: None or one of 'path', 'fd' or 'host' option required.
!exit 1

!args -machine none -nodefaults -display none -chardev socket,id=a,path=s,abstract=maybe
<~2 $PROG: -chardev socket,id=a,path=s,abstract=maybe: Parameter 'abstract' expects 'on' or 'off'
!exit 1

!args -machine none -nodefaults -display none -chardev socket,id=a,host=127.0.0.1
<~2 $PROG: -chardev socket,id=a,host=127.0.0.1: chardev: socket: no port given
!exit 1

!args -machine none -nodefaults -display none -chardev socket,id=a,host=127.0.0.1,port=1
<~2 $PROG: -chardev socket,id=a,host=127.0.0.1,port=1: Failed to connect to '127.0.0.1:1': Connection refused
!exit 1

!args -machine none -nodefaults -display none -chardev socket,id=a,host=127.0.0.1,port=x
<~2 $PROG: -chardev socket,id=a,host=127.0.0.1,port=x: address resolution failed for 127.0.0.1:x: Servname not supported for ai_socktype
!exit 1

!args -machine none -nodefaults -display none -chardev socket,id=a,host=,port=1
<~2 $PROG: -chardev socket,id=a,host=,port=1: address resolution failed for :1: Name or service not known
!exit 1

!args -machine none -nodefaults -display none -chardev socket,id=a,fd=99
<~2 $PROG: -chardev socket,id=a,fd=99: File descriptor '99' is not a socket
!exit 1

!args -machine none -nodefaults -display none -chardev socket,id=a,fd=foo
<~2 $PROG: -chardev socket,id=a,fd=foo: Unable to parse FD number foo
!exit 1

!args -machine none -nodefaults -display none -chardev socket,id=a,fd=0
<~2 $PROG: -chardev socket,id=a,fd=0: File descriptor '0' is not a socket
!exit 1

!args -machine none -nodefaults -display none -chardev socket,id=a,fd=0,server=on
<~2 $PROG: -chardev socket,id=a,fd=0,server=on: File descriptor '0' is not a socket
!exit 1

!args -machine none -nodefaults -display none -chardev socket,id=a,path=missing,server,nowait,foo
<~2 $PROG: -chardev socket,id=a,path=missing,server,nowait,foo: warning: short-form boolean option 'server' deprecated
<~2 Please use server=on instead
<~2 $PROG: -chardev socket,id=a,path=missing,server,nowait,foo: warning: short-form boolean option 'nowait' deprecated
<~2 Please use wait=off instead
<~2 $PROG: -chardev socket,id=a,path=missing,server,nowait,foo: warning: short-form boolean option 'foo' deprecated
<~2 Please use foo=on instead
<~2 $PROG: -chardev socket,id=a,path=missing,server,nowait,foo: Invalid parameter 'foo'
!exit 1

!args -machine none -nodefaults -display none -chardev stdio,id=a -chardev stdio,id=b
<~2 $PROG: -chardev stdio,id=b: cannot use stdio by multiple character devices
!exit 1

!args -machine none -nodefaults -display none -chardev stdio,id=a,signal=foo
<~2 $PROG: -chardev stdio,id=a,signal=foo: Parameter 'signal' expects 'on' or 'off'
!exit 1

!args -machine none -nodefaults -display none -chardev socket,id=a,path=xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx,server=on,wait=off
<~2 $PROG: -chardev socket,id=a,path=xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx,server=on,wait=off: UNIX socket path 'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx' is too long
<~2 Path must be less than 108 bytes
!exit 1
