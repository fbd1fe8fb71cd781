# Nodes that cannot be opened.
!setup truncate -s 1M raw

!args -machine none -nodefaults -display none -blockdev ''
<~2 $PROG: -blockdev : Parameter 'driver' is missing
!exit 1

!args -machine none -nodefaults -display none -blockdev help
<~2 $PROG: -blockdev help: Help is not available for this option
!exit 1

!args -machine none -nodefaults -display none -blockdev foo
<~2 $PROG: -blockdev foo: Parameter 'driver' does not accept value 'foo'
!exit 1

!args -machine none -nodefaults -display none -blockdev driver=foo,node-name=f
<~2 $PROG: -blockdev driver=foo,node-name=f: Parameter 'driver' does not accept value 'foo'
!exit 1

!args -machine none -nodefaults -display none -blockdev driver=file,node-name=f
<~2 $PROG: -blockdev driver=file,node-name=f: Parameter 'filename' is missing
!exit 1

!args -machine none -nodefaults -display none -blockdev driver=file,filename=raw
<~2 $PROG: -blockdev driver=file,filename=raw: 'node-name' must be specified for the root node
!exit 1

!args -machine none -nodefaults -display none -blockdev driver=file,node-name=f,filename=missing
<~2 $PROG: -blockdev driver=file,node-name=f,filename=missing: Could not open 'missing': No such file or directory
!exit 1

!args -machine none -nodefaults -display none -blockdev driver=file,node-name=f,filename=raw,foo=bar
<~2 $PROG: -blockdev driver=file,node-name=f,filename=raw,foo=bar: Parameter 'foo' is unexpected
!exit 1

!args -machine none -nodefaults -display none -blockdev driver=file,node-name=1f,filename=raw
<~2 $PROG: -blockdev driver=file,node-name=1f,filename=raw: Invalid node-name: '1f'
!exit 1

!args -machine none -nodefaults -display none -blockdev driver=file,node-name=f,filename=raw,read-only=maybe
<~2 $PROG: -blockdev driver=file,node-name=f,filename=raw,read-only=maybe: Parameter 'read-only' expects 'on' or 'off'
!exit 1

!args -machine none -nodefaults -display none -blockdev driver=file,node-name=f,filename=raw -blockdev driver=raw,node-name=f,file=f
<~2 $PROG: -blockdev driver=raw,node-name=f,file=f: Duplicate nodes with node-name='f'
!exit 1

!args -machine none -nodefaults -display none -blockdev driver=raw,node-name=f,file=nobody
<~2 $PROG: -blockdev driver=raw,node-name=f,file=nobody: Cannot find device='nobody' nor node-name='nobody'
!exit 1

!args -machine none -nodefaults -display none -blockdev '{'
<~2 $PROG: -blockdev {: JSON parse error, premature EOI
!exit 1

!args -machine none -nodefaults -display none -blockdev '{}'
<~2 $PROG: -blockdev {}: Parameter 'driver' is missing
!exit 1

!args -machine none -nodefaults -display none -blockdev '{"driver": "file"}'
<~2 $PROG: -blockdev {"driver": "file"}: Parameter 'filename' is missing
!exit 1

!args -machine none -nodefaults -display none -blockdev '{"driver": "file"'
<~2 $PROG: -blockdev {"driver": "file": JSON parse error, premature EOI
!exit 1

!args -machine none -nodefaults -display none -blockdev '{"driver": "file", "node-name": "f", "filename": "raw", "foo": 1}'
<~2 $PROG: -blockdev {"driver": "file", "node-name": "f", "filename": "raw", "foo": 1}: Parameter 'foo' is unexpected
!exit 1

!args -machine none -nodefaults -display none -blockdev '{"driver": "file", "node-name": "f", "filename": "raw", "read-only": "on"}'
<~2 $PROG: -blockdev {"driver": "file", "node-name": "f", "filename": "raw", "read-only": "on"}: Invalid parameter type for 'read-only', expected: boolean
!exit 1

!args -machine none -nodefaults -display none -blockdev node-name=f,file.x=1,file=2
<~2 $PROG: -blockdev node-name=f,file.x=1,file=2: Parameters 'file.*' used inconsistently
!exit 1

!args -machine none -nodefaults -display none -blockdev driver=null-co,node-name=n,size=foo
<~2 $PROG: -blockdev driver=null-co,node-name=n,size=foo: Parameter 'size' expects integer
!exit 1

!args -machine none -nodefaults -display none -blockdev driver=null-co,node-name=n,size=1M
<~2 $PROG: -blockdev driver=null-co,node-name=n,size=1M: Parameter 'size' expects integer
!exit 1

!args -machine none -nodefaults -display none -blockdev driver=qcow2,node-name=q,file.driver=file,file.filename=raw
<~2 $PROG: -blockdev driver=qcow2,node-name=q,file.driver=file,file.filename=raw: Image is not in qcow2 format
!exit 1

!args -machine none -nodefaults -display none -blockdev driver=raw,node-name=f,file.driver=file,file.filename=raw,file.locking=maybe
<~2 $PROG: -blockdev driver=raw,node-name=f,file.driver=file,file.filename=raw,file.locking=maybe: Parameter 'locking' does not accept value 'maybe'
!exit 1
