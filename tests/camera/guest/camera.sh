# Every fault of a camera, with the product's own adapter behind its walls, on the kernel's own driver.
. /lib.sh
plug 0 Kiosk 333333,800000 /pictures/portrait.jpg
node present Kiosk

case_ list
lab_ list

case_ jpeg
lab_ watch Kiosk 3 --walls --save /out

case_ no-tables
lab_ watch Kiosk 3 --walls &
sleep 1; word 0 notables; wait $!; word 0 run

for fault in unplug freeze junk half damaged; do
    case_ $fault
    lab_ watch Kiosk 9 --walls &
    sleep 2; word 0 $fault; sleep 3; word 0 run; wait $!
    node present Kiosk
done

case_ freeze-unplug
lab_ watch Kiosk 9 --walls &
sleep 2; word 0 freeze; sleep 0.7; word 0 unplug; sleep 2; word 0 run; wait $!
node present Kiosk

case_ silent-start
word 0 freeze; sleep 0.3
lab_ watch Kiosk 8 --walls &
sleep 3; word 0 run; wait $!

case_ stop-frozen
lab_ watch Kiosk 3 --walls &
sleep 2.2; word 0 freeze; wait $!; word 0 run; sleep 0.5

case_ busy
v4l2-ctl -d /dev/video0 --stream-mmap --stream-count=150 >/dev/null 2>&1 & other=$!
sleep 1
lab_ watch Kiosk 9 --walls &
sleep 3.5; kill $other; say other gone; wait $!

case_ denied
chmod 600 /dev/video0
lab_ watch Kiosk 6 --walls &
sleep 3; say other allowed; chmod 660 /dev/video0; wait $!

case_ odd-interval
v4l2-ctl -d /dev/video0 -p 12.5 2>&1 | head -1
lab_ watch Kiosk 3 --walls

case_ missing
word 0 unplug; node absent Kiosk
lab_ watch Kiosk 6 --walls &
sleep 3; word 0 run; wait $!
word 0 quit; node absent Kiosk; sleep 0.5

case_ yuyv
plug 1 Plain 333333 /pictures/pattern.yuyv
node present Plain
lab_ watch Plain 3 --walls
word 1 quit; node absent Plain; sleep 0.5

case_ odd-only
plug 2 Odd 800000 /pictures/pattern.yuyv
node present Odd
lab_ watch Odd 3 --walls
word 2 quit; node absent Odd; sleep 0.5

case_ infrared
plug 3 Kiosk 333333 /pictures/portrait.jpg
plug 4 Infra 333333 /pictures/pattern.grey
node present Kiosk; node present Infra
lab_ list
lab_ watch Infra 4 --walls --infrared &
lab_ watch Kiosk 4 --walls; wait $!

case_ beside
lab_ watch Kiosk 9 --walls --beside Infra &
sleep 2.5; word 4 freeze; sleep 3; word 4 run; wait $!
word 3 quit; word 4 quit
