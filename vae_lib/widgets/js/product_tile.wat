;; Four rows and eight columns of a product of matrices at once: eight registers of four sums each.
;; Every round of the loop multiplies four numbers of the left matrix with eight of the right one,
;; 32 products for 12 numbers that are read. fast_products.js lays both matrices out so that the
;; loop reads one number after the other.
(module
  (memory (export "memory") 1)
  (func (export "multiplyTile")
    (param $left i32)      ;; address of 4 x inner numbers, column after column
    (param $right i32)     ;; address of inner x 8 numbers, row after row
    (param $inner i32)     ;; at least 1
    (param $product i32)   ;; address of the tile's first number in the product
    (param $rowBytes i32)  ;; from one row of the product to the next
    (local $right_a v128) (local $right_b v128) (local $left_k v128)
    (local $sum0a v128) (local $sum0b v128) (local $sum1a v128) (local $sum1b v128)
    (local $sum2a v128) (local $sum2b v128) (local $sum3a v128) (local $sum3b v128)
    (loop $k
      (local.set $right_a (v128.load (local.get $right)))
      (local.set $right_b (v128.load offset=16 (local.get $right)))
      ;; row 0: one number of the left matrix, in all four places of a register
      (local.set $left_k (v128.load32_splat (local.get $left)))
      (local.set $sum0a
        (f32x4.add (local.get $sum0a) (f32x4.mul (local.get $left_k) (local.get $right_a))))
      (local.set $sum0b
        (f32x4.add (local.get $sum0b) (f32x4.mul (local.get $left_k) (local.get $right_b))))
      ;; row 1
      (local.set $left_k (v128.load32_splat offset=4 (local.get $left)))
      (local.set $sum1a
        (f32x4.add (local.get $sum1a) (f32x4.mul (local.get $left_k) (local.get $right_a))))
      (local.set $sum1b
        (f32x4.add (local.get $sum1b) (f32x4.mul (local.get $left_k) (local.get $right_b))))
      ;; row 2
      (local.set $left_k (v128.load32_splat offset=8 (local.get $left)))
      (local.set $sum2a
        (f32x4.add (local.get $sum2a) (f32x4.mul (local.get $left_k) (local.get $right_a))))
      (local.set $sum2b
        (f32x4.add (local.get $sum2b) (f32x4.mul (local.get $left_k) (local.get $right_b))))
      ;; row 3
      (local.set $left_k (v128.load32_splat offset=12 (local.get $left)))
      (local.set $sum3a
        (f32x4.add (local.get $sum3a) (f32x4.mul (local.get $left_k) (local.get $right_a))))
      (local.set $sum3b
        (f32x4.add (local.get $sum3b) (f32x4.mul (local.get $left_k) (local.get $right_b))))
      (local.set $left (i32.add (local.get $left) (i32.const 16)))
      (local.set $right (i32.add (local.get $right) (i32.const 32)))
      (local.set $inner (i32.sub (local.get $inner) (i32.const 1)))
      (br_if $k (local.get $inner))
    )
    (v128.store (local.get $product) (local.get $sum0a))
    (v128.store offset=16 (local.get $product) (local.get $sum0b))
    (local.set $product (i32.add (local.get $product) (local.get $rowBytes)))
    (v128.store (local.get $product) (local.get $sum1a))
    (v128.store offset=16 (local.get $product) (local.get $sum1b))
    (local.set $product (i32.add (local.get $product) (local.get $rowBytes)))
    (v128.store (local.get $product) (local.get $sum2a))
    (v128.store offset=16 (local.get $product) (local.get $sum2b))
    (local.set $product (i32.add (local.get $product) (local.get $rowBytes)))
    (v128.store (local.get $product) (local.get $sum3a))
    (v128.store offset=16 (local.get $product) (local.get $sum3b))
  )
)
