-- name: release_barcodes
UPDATE product SET barcode = NULL WHERE program = %s AND sku = ANY(%s::text[]) AND barcode IS NOT NULL;

-- name: upsert_products
INSERT INTO product (program, sku, name, names, barcode, categories, tags, brand, unit, price, cost, tax_rate)
SELECT %s, sku, name, names::jsonb, barcode,
    ARRAY(SELECT jsonb_array_elements_text(categories::jsonb)), ARRAY(SELECT jsonb_array_elements_text(tags::jsonb)),
    brand, unit, price, cost, tax_rate
FROM unnest(
    %s::text[], %s::text[], %s::text[], %s::text[], %s::text[], %s::text[], %s::text[], %s::text[],
    %s::bigint[], %s::bigint[], %s::integer[]
) AS p (sku, name, names, barcode, categories, tags, brand, unit, price, cost, tax_rate)
ORDER BY sku
ON CONFLICT (program, sku) DO UPDATE SET name = excluded.name, names = excluded.names, barcode = excluded.barcode,
    categories = excluded.categories, tags = excluded.tags, brand = excluded.brand, unit = excluded.unit,
    price = excluded.price, cost = excluded.cost, tax_rate = excluded.tax_rate;

-- name: forget_words
DELETE FROM product_word WHERE program = %s AND sku = ANY(%s::text[]);

-- name: insert_words
INSERT INTO product_word (program, word, sku)
SELECT %s, word, sku FROM unnest(%s::text[], %s::text[]) AS w (word, sku) ORDER BY word, sku;

-- name: search
SELECT p.sku, p.name, p.names, p.barcode, p.categories, p.tags, p.brand, p.unit, p.price, p.cost, p.tax_rate
FROM product p
WHERE p.program = %(program)s AND p.sku IN (
    SELECT w.sku
    FROM unnest(%(from)s::text[], %(until)s::text[]) AS t (low, high)
    JOIN product_word w ON w.program = %(program)s AND w.word >= t.low AND w.word < t.high
    GROUP BY w.sku
    HAVING count(DISTINCT t.low) = %(count)s)
ORDER BY p.name, p.sku
LIMIT %(limit)s;

-- name: by_barcode
SELECT sku, name, names, barcode, categories, tags, brand, unit, price, cost, tax_rate
FROM product WHERE program = %s AND barcode = %s;

-- name: by_skus
SELECT sku, name, names, barcode, categories, tags, brand, unit, price, cost, tax_rate
FROM product WHERE program = %s AND sku = ANY(%s::text[]) ORDER BY sku;

-- name: lock_products
SELECT sku, name, names, barcode, categories, tags, brand, unit, price, cost, tax_rate
FROM product WHERE program = %s AND sku = ANY(%s::text[]) ORDER BY sku FOR NO KEY UPDATE;

-- name: remove_product
DELETE FROM product WHERE program = %s AND sku = %s;

-- name: page
SELECT sku, name, names, barcode, categories, tags, brand, unit, price, cost, tax_rate
FROM product WHERE program = %s AND sku > %s ORDER BY sku LIMIT %s;

-- name: count_products
SELECT count(*) FROM product WHERE program = %s;

-- name: meant
-- Products that any of the lists names, those with a known cost and the smallest margin first. It walks the whole
-- assortment: for a promotion that is being written, not for a purchase.
SELECT p.sku, p.name, p.names, p.barcode, p.categories, p.tags, p.brand, p.unit, p.price, p.cost, p.tax_rate
FROM product p
WHERE p.program = %(program)s AND (
    %(everything)s OR p.sku = ANY(%(skus)s::text[]) OR p.brand = ANY(%(brands)s::text[]) OR p.tags && %(tags)s::text[]
    OR EXISTS (
        SELECT FROM unnest(p.categories) AS c (path)
        CROSS JOIN unnest(%(categories)s::text[]) AS w (path)
        WHERE c.path = w.path OR starts_with(c.path, w.path || '/')))
ORDER BY p.cost IS NULL, (p.price - p.cost)::numeric / greatest(p.price, 1), p.sku
LIMIT %(limit)s;

-- name: facets
-- Every category, tag and brand that a product has; a product without a brand has the empty one.
SELECT DISTINCT f.facet, f.name
FROM product p
CROSS JOIN LATERAL (
    SELECT 'category' AS facet, unnest(p.categories) AS name
    UNION ALL SELECT 'tag', unnest(p.tags)
    UNION ALL SELECT 'brand', p.brand
) f
WHERE p.program = %s;
