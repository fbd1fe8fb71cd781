# Values of -chardev, -mon and -qmp that are refused.
!args -display none -machine none -chardev nonsense,id=c
<~2 $PROG: -chardev nonsense,id=c: 'nonsense' is not a valid char driver name
!exit 1
!args -display none -machine none -chardev socket
<~2 $PROG: -chardev socket: chardev: no id specified
!exit 1
!args -display none -machine none -chardev socket,id=c
<~2 $PROG: -chardev socket,id=c: Unable to parse FD number 
!exit 1
!args -display none -machine none -chardev socket,id=c,path=missing/sock,server=on,wait=off
<~2 $PROG: -chardev socket,id=c,path=missing/sock,server=on,wait=off: Failed to bind socket to missing/sock: No such file or directory
!exit 1
!args -display none -machine none -chardev socket,id=c,path=nobody
<~2 $PROG: -chardev socket,id=c,path=nobody: Failed to connect to 'nobody': No such file or directory
!exit 1
!args -display none -machine none -chardev socket,id=c,path=x,nonsense=on
<~2 $PROG: -chardev socket,id=c,path=x,nonsense=on: Invalid parameter 'nonsense'
!exit 1
!args -display none -machine none -chardev socket,id=c,path=x,server=maybe
<~2 $PROG: -chardev socket,id=c,path=x,server=maybe: Parameter 'server' expects 'on' or 'off'
!exit 1
!args -display none -machine none -chardev socket,id=c,path=x,wait=off
<~2 $PROG: -chardev socket,id=c,path=x,wait=off: 'wait' option is incompatible with socket in client connect mode
!exit 1
!args -display none -machine none -chardev socket,id=c,path=x,server=on,reconnect=1
<~2 $PROG: -chardev socket,id=c,path=x,server=on,reconnect=1: 'reconnect' option is incompatible with socket in server listen mode
!exit 1
!args -display none -machine none -chardev socket,id=c,fd=nonsense
<~2 $PROG: -chardev socket,id=c,fd=nonsense: Unable to parse FD number nonsense
!exit 1
!args -display none -machine none -chardev socket,id=c,fd=99
<~2 $PROG: -chardev socket,id=c,fd=99: File descriptor '99' is not a socket
!exit 1
!args -display none -machine none -chardev socket,id=c,fd=0,path=x
<~2 $PROG: -chardev socket,id=c,fd=0,path=x: None or one of 'path', 'fd' or 'host' option required.
!exit 1
!args -display none -machine none -chardev socket,id=c,host=localhost
<~2 $PROG: -chardev socket,id=c,host=localhost: chardev: socket: no port given
!exit 1
!args -display none -machine none -chardev socket,id=c,port=1
<~2 $PROG: -chardev socket,id=c,port=1: Unable to parse FD number 
!exit 1
!args -display none -machine none -chardev socket,id=c,host=localhost,port=nonsense
<~2 $PROG: -chardev socket,id=c,host=localhost,port=nonsense: address resolution failed for localhost:nonsense: Servname not supported for ai_socktype
!exit 1
!args -display none -machine none -chardev socket,id=c,host=localhost,port=1
<~2 $PROG: -chardev socket,id=c,host=localhost,port=1: Failed to connect to 'localhost:1': Connection refused
!exit 1
!args -display none -machine none -chardev socket,id=c,host=localhost,path=x
<~2 $PROG: -chardev socket,id=c,host=localhost,path=x: None or one of 'path', 'fd' or 'host' option required.
!exit 1
!args -display none -machine none -chardev socket,id=0c,path=x,server=on,wait=off
<~2 $PROG: -chardev socket,id=0c,path=x,server=on,wait=off: Parameter 'id' expects an identifier
<~2 Identifiers consist of letters, digits, '-', '.', '_', starting with a letter.
!exit 1
!args -display none -machine none -chardev null,id=c -chardev null,id=c
<~2 $PROG: -chardev null,id=c: Duplicate ID 'c' for chardev
!exit 1
!args -display none -machine none -chardev null
<~2 $PROG: -chardev null: chardev: no id specified
!exit 1
!args -display none -machine none -chardev nonsense
<~2 $PROG: -chardev nonsense: chardev: no id specified
!exit 1
!args -display none -machine none -chardev ''
<~2 $PROG: -chardev : chardev: no id specified
!exit 1
!args -display none -machine none -mon nonsense
<~2 $PROG: -mon nonsense: chardev "nonsense" not found
!exit 1
!args -display none -machine none -mon chardev=nodev
<~2 $PROG: -mon chardev=nodev: chardev "nodev" not found
!exit 1
!args -display none -machine none -mon chardev=nodev,mode=control
<~2 $PROG: -mon chardev=nodev,mode=control: chardev "nodev" not found
!exit 1
!args -display none -machine none -chardev null,id=c -mon chardev=c,mode=nonsense
<~2 $PROG: -mon chardev=c,mode=nonsense: Parameter 'mode' does not accept value 'nonsense'
!exit 1
!args -display none -machine none -chardev null,id=c -mon chardev=c,nonsense=on
<~2 $PROG: -mon chardev=c,nonsense=on: Invalid parameter 'nonsense'
!exit 1
!args -display none -machine none -chardev null,id=c -mon chardev=c,pretty=maybe,mode=control
<~2 $PROG: -mon chardev=c,pretty=maybe,mode=control: Parameter 'pretty' expects 'on' or 'off'
!exit 1
!args -display none -machine none -chardev null,id=c -mon mode=control
<~2 $PROG: -mon mode=control: Parameter 'chardev' is missing
!exit 1
!args -display none -machine none -chardev null,id=c -mon chardev=c,mode=control -mon chardev=c,mode=control
<~2 $PROG: -mon chardev=c,mode=control: chardev 'c' is already in use
!exit 1
!args -display none -machine none -qmp nonsense
<~2 $PROG: -qmp nonsense: 'nonsense' is not a valid char driver
<~2 $PROG: -qmp nonsense: parse error: nonsense
!exit 1
!args -display none -machine none -qmp unix:
<~2 $PROG: -qmp unix:: Unable to parse FD number 
!exit 1
!args -display none -machine none -qmp unix:missing/sock,server=on,wait=off
<~2 $PROG: -qmp unix:missing/sock,server=on,wait=off: Failed to bind socket to missing/sock: No such file or directory
!exit 1
!args -display none -machine none -qmp unix:nobody
<~2 $PROG: -qmp unix:nobody: Failed to connect to 'nobody': No such file or directory
!exit 1
!args -display none -machine none -qmp tcp:localhost
<~2 $PROG: -qmp tcp:localhost: parse error: tcp:localhost
!exit 1
!args -display none -machine none -qmp tcp:localhost:nonsense
<~2 $PROG: -qmp tcp:localhost:nonsense: address resolution failed for localhost:nonsense: Servname not supported for ai_socktype
!exit 1
!args -display none -machine none -qmp tcp:localhost:1
<~2 $PROG: -qmp tcp:localhost:1: Failed to connect to 'localhost:1': Connection refused
!exit 1
!args -display none -machine none -qmp unix:x,nonsense=on
<~2 $PROG: -qmp unix:x,nonsense=on: Invalid parameter 'nonsense'
<~2 $PROG: -qmp unix:x,nonsense=on: parse error: unix:x,nonsense=on
!exit 1
!args -display none -machine none -qmp ''
<~2 $PROG: -qmp : '' is not a valid char driver
<~2 $PROG: -qmp : parse error: 
!exit 1
!args -display none -machine none -qmp stdio -qmp stdio
<~2 $PROG: -qmp stdio: cannot use stdio by multiple character devices
!exit 1
