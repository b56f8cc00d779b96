//! The sheets of resources: one of all, with links into the AWS console, and one for each kind.

use std::collections::BTreeMap;

use rust_xlsxwriter::{Url, Workbook, XlsxError};

use super::cells::{CellFormats, DATE_FORMAT, cut};
use super::column_order::ColumnOrder;
use super::sheet_names::SheetNames;
use super::table_sheets::{TableColumns, TableSheets, WIDEST};
use crate::model::console::console_link;
use crate::reports::export::cell::CellValue;
use crate::reports::export::column_type::ColumnType;
use crate::reports::export::columns::ExportTables;
use crate::reports::export::identifiers::NameSpelling;
use crate::reports::export::table::{COMMON, ExportTable, common_cells};
use crate::reports::export::tag_columns::TagColumns;
use crate::reports::resources::Resource;

/// The name of the sheet of all resources.
const ALL: &str = "All resources";
/// The most links of a sheet in Excel (support.microsoft.com, "Excel specifications and limits"). They are kept in
/// memory until the workbook is complete, so this is also the most of a workbook.
const MOST_LINKS: u64 = 65_530;
/// The longest link that Excel opens, in characters.
const LONGEST_LINK: usize = 2_079;
/// The width of a column of a tag: its values are not measured.
const TAG_WIDTH: usize = 20;
/// The column with the link.
const LINK_COLUMN: u16 = 1;

/// The sheets of all resources.
pub(super) struct ResourceSheets<'run> {
    tags: &'run TagColumns,
    all: TableSheets,
    order_of_all: ColumnOrder,
    kinds: BTreeMap<(String, String), KindSheets<'run>>,
    order_of_kind: ColumnOrder,
    links: u64,
}

struct KindSheets<'run> {
    table: &'run ExportTable,
    sheets: TableSheets,
}

impl<'run> ResourceSheets<'run> {
    /// Adds the sheets, with everything that does not depend on their rows.
    pub(super) fn add(
        workbook: &mut Workbook,
        names: &mut SheetNames,
        tables: &'run ExportTables,
        tags: &'run TagColumns,
        formats: &CellFormats,
    ) -> Result<Self, XlsxError> {
        let (order_of_all, order_of_kind) = (ColumnOrder::of_all(), ColumnOrder::of_kind());
        let rows = tables.values().map(|table| table.rows).sum();
        let all = TableSheets::add(
            workbook,
            names,
            ALL,
            &columns(
                COMMON.map(str::to_owned).into(),
                common_widths(tables.values()).into(),
                tags,
                &order_of_all,
            ),
            rows,
            formats,
        )?;
        let mut kinds = BTreeMap::new();
        for ((service, kind), table) in tables {
            let header = table.header(NameSpelling::Path, COMMON, &tags.names());
            let columns = columns(header, widths(table), tags, &order_of_kind);
            let name = format!("{service} {kind}");
            let sheets = TableSheets::add(workbook, names, &name, &columns, table.rows, formats)?;
            kinds.insert((service.clone(), kind.clone()), KindSheets { table, sheets });
        }
        Ok(Self { tags, all, order_of_all, kinds, order_of_kind, links: 0 })
    }

    /// Writes a resource into its two sheets.
    pub(super) fn write(
        &mut self,
        workbook: &mut Workbook,
        resource: &Resource<'_>,
        formats: &CellFormats,
    ) -> Result<(), XlsxError> {
        let key = (resource.service.to_owned(), resource.kind.to_owned());
        if let Some(kind) = self.kinds.get_mut(&key) {
            let cells = self.order_of_kind.arrange(kind.table.cells(resource), self.tags.cells(resource));
            kind.sheets.write(workbook, &cells, formats)?;
        }
        let mut cells = self.order_of_all.arrange(common_cells(resource).into(), self.tags.cells(resource));
        let link = resource.arn.as_deref().and_then(|arn| console_link(arn, resource.region));
        let link = link.filter(|link| link.len() <= LONGEST_LINK && self.links < MOST_LINKS);
        let linked = link.and_then(|link| match &mut cells[usize::from(LINK_COLUMN)] {
            CellValue::Text(id) => Some((link, std::mem::take(id))),
            _ => None,
        });
        if linked.is_some() {
            cells[usize::from(LINK_COLUMN)] = CellValue::Empty;
        }
        let (sheet, row) = self.all.write(workbook, &cells, formats)?;
        if let Some((link, id)) = linked {
            sheet.write_url_with_text(row, LINK_COLUMN, Url::new(link), cut(&id))?;
            self.links += 1;
        }
        Ok(())
    }
}

fn columns(names: Vec<String>, widths: Vec<usize>, tags: &TagColumns, order: &ColumnOrder) -> TableColumns {
    let tag_names: Vec<_> = tags.names().into_iter().map(str::to_owned).collect();
    let tag_widths = vec![TAG_WIDTH; tag_names.len()];
    TableColumns { names: order.arrange(names, tag_names), widths: order.arrange(widths, tag_widths) }
}

/// Returns the widths of the widest values of the columns, in characters.
fn widths(table: &ExportTable) -> Vec<usize> {
    let fields = table.columns.iter().map(|column| {
        if column.column_type == ColumnType::Timestamp { DATE_FORMAT.len() } else { column.width }
    });
    table.common_widths.into_iter().chain(fields).chain(table.has_others.then_some(WIDEST)).collect()
}

fn common_widths<'run>(tables: impl Iterator<Item = &'run ExportTable>) -> [usize; COMMON.len()] {
    let mut widths = [0; COMMON.len()];
    for table in tables {
        for (width, of_table) in widths.iter_mut().zip(table.common_widths) {
            *width = of_table.max(*width);
        }
    }
    widths
}
